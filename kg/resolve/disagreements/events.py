"""Events with two dates, and instruments in an order that cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from kg.edtf import earliest, latest
from kg.model import EventClaim, TenureClaim
from kg.resolve.disagreements.rules import First, Once, Under, Worded, compiled, rules
from kg.resolve.disagreements.said import Answer, Page, Said, apart, disagreement, opposed
from kg.resolve.entities import Disagreement
from kg.resolve.states import State
from ontology.iris import slugify

_ABOUT = 40
_DAY = 10


@dataclass(frozen=True)
class _Dated:
    """An event that a document dates: the words, and what stands right around them."""

    said: Said
    kind: str
    date: str
    label: str
    phrase: str
    around: str

    @property
    def answer(self) -> Answer:
        """The date as an answer."""
        return Answer(self.said, self.date)

    def after(self, rule: Once) -> bool:
        """Whether the date is of something that came after the event."""
        return bool(compiled(rule.later).search(self.phrase))


class Told(State):
    """Dated events, and appointments: the post and the date."""

    dated: list[_Dated] = msgspec.field(default_factory=list)
    appointed: list[tuple[str, Answer]] = msgspec.field(default_factory=list)


class EventDates:
    """Compares the dates of events; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down dated events, and appointments that instruments make."""
        for claim in page.claims(EventClaim):
            if claim.event.date and claim.event.authority in (None, page.authority):
                self.state.dated.append(_dated(page, claim))
        posts = {rule.post for rule in rules().under}
        for tenure in page.claims(TenureClaim):
            if tenure.post in posts and tenure.since and tenure.basis == "stated":
                said = page.said(tenure.start, tenure.end)
                self.state.appointed.append((tenure.post, Answer(said, tenure.since)))

    def find(self) -> Iterator[Disagreement]:
        """Every pair of answers that exclude each other."""
        for once in rules().once:
            yield from self._once(once)
        for worded in rules().stated:
            yield from self._stated(worded)
        for first in rules().first:
            yield from self._first(first)
        for under in rules().under:
            yield from self._under(under)

    def _groups(self, kinds: tuple[str, ...], by_label: bool = False) -> Iterator[list[_Dated]]:
        groups: dict[tuple[str, str, str], list[_Dated]] = defaultdict(list)
        for each in self.state.dated:
            if each.kind in kinds:
                label = slugify(each.label) if by_label else ""
                groups[each.said.place, each.kind, label].append(each)
        return (groups[key] for key in sorted(groups))

    def _once(self, rule: Once) -> Iterator[Disagreement]:
        for group in self._groups(rule.kinds, rule.same_label):
            what = group[0].label if rule.same_label else group[0].kind.replace("-", " ")
            months = [each.answer for each in group if len(each.date) > 4 and not each.after(rule)]
            for one, other in opposed(months, rule.days):
                yield disagreement("date", (rule.question, rule.reason), one, other, what=what)

    def _stated(self, rule: Worded) -> Iterator[Disagreement]:
        groups: dict[str, list[Answer]] = defaultdict(list)
        for each in self.state.dated:
            if compiled(rule.wording).search(each.phrase):
                groups[each.said.place].append(each.answer)
        for place in sorted(groups):
            for one, other in opposed(groups[place], rule.days):
                yield disagreement("date", (rule.question, rule.reason), one, other)

    def _first(self, rule: First) -> Iterator[Disagreement]:
        called = compiled(rule.called)
        for group in self._groups(rule.kinds):
            named = [each for each in group if called.search(each.around)]
            for first in named[:1]:
                before = [e for e in group if latest(e.date) < earliest(first.date)]
                for each in before[:1]:
                    what = first.kind.replace("-", " ")
                    yield disagreement(
                        "date",
                        (rule.question, rule.reason),
                        first.answer,
                        each.answer,
                        what=f"statutory {what}" if what == "direction" else what,
                    )

    def _under(self, rule: Under) -> Iterator[Disagreement]:
        for post, one in self.state.appointed:
            for each in self.state.dated:
                if post != rule.post or each.kind not in rule.kinds:
                    continue
                days = len(one.value) == len(each.date) == _DAY
                near = 0 < apart(one.value, each.date) <= rule.days
                same = one.said.place == each.said.place
                if days and near and same and each.date > one.value:
                    texts = (rule.question, rule.reason)
                    yield disagreement("date", texts, one, each.answer, what=post)


def _dated(page: Page, claim: EventClaim) -> _Dated:
    text = page.document.text
    around = text[max(claim.start - _ABOUT, 0) : claim.end + _ABOUT]
    return _Dated(
        page.said(claim.start, claim.end),
        claim.event.kind,
        claim.event.date or "",
        claim.label,
        page.words(claim),
        around,
    )
