"""One theme said to have improved and to have declined in one year, by two documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from kg.extract.figures.dated import Carried
from kg.model import FindingClaim
from kg.resolve.disagreements.rules import rules
from kg.resolve.disagreements.said import Answer, Page, disagreement
from kg.resolve.entities import Disagreement
from kg.resolve.states import State

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class _Trend:
    """A direction that a document sees in a year."""

    answer: Answer
    theme: str


class Told(State):
    """Directions by authority, theme and year."""

    seen: dict[tuple[str, str, str], list[_Trend]] = msgspec.field(default_factory=dict)


class Trends:
    """Compares directions of travel; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down what is said to have improved or declined, and in which year."""
        carried, blocks = Carried(page.document), [s.block for s in page.sentences]
        starts = {s.start: block for s, block in zip(page.sentences, blocks, strict=True)}
        for claim in sorted(page.claims(FindingClaim), key=lambda c: c.start):
            if claim.direction not in ("improved", "declined") or not page.authority:
                continue
            if claim.start in starts:
                carried.enter(starts[claim.start])
            told = claim.retells.date if claim.retells else None
            year = _YEAR.match(told or carried.heading or claim.event.date or "")
            theme = claim.themes[0] if claim.themes else ""
            if year and theme and theme not in rules().trends.too_wide:
                answer = Answer(page.said(claim.start, claim.end), claim.direction)
                key = (page.authority, theme, year.group())
                self.state.seen.setdefault(key, []).append(_Trend(answer, theme))

    def find(self) -> Iterator[Disagreement]:
        """The first decline against the first improvement that another document tells of."""
        rule = rules().trends
        for (_, theme, year), trends in sorted(self.state.seen.items()):
            worse = [t.answer for t in trends if t.answer.value == "declined"]
            better = [t.answer for t in trends if t.answer.value == "improved"]
            pairs = (
                (one, other)
                for one in worse
                for other in better
                if one.said.document != other.said.document
            )
            best = max(pairs, key=_shared, default=None)
            if best and _shared(best)[0]:
                what = theme.replace("-", " ")
                texts = (rule.question, rule.reason)
                yield disagreement("evaluation", texts, *best, what=what, when=year)


def _shared(pair: tuple[Answer, Answer]) -> tuple[int, int]:
    """Words that two sentences share; of as many the fuller sentences."""
    one, other = pair[0].said, pair[1].said
    return len(one.words & other.words), len(one.text) + len(other.text)
