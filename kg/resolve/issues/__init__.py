"""Recurring issues: the same specific problem, a weakness at two or more evaluation events.

Events are counted and not passages or documents: a report that retells an inspection adds
words to that inspection and no occurrence. An event to which a document itself points
("raised on the last visit") counts too, loaded or not. Findings of one authority are
compared with each other only; the same problem elsewhere is likeness, not identity.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from kg.corrections import Correction
from kg.edtf import earliest
from kg.embed import Embedder
from kg.model import FindingClaim, Record, RepeatClaim
from kg.quads.ids import claim_id
from kg.resolve import Directory, Recall
from kg.resolve.entities import Event, Issue
from kg.resolve.issues.cluster import clusters, recurring
from kg.resolve.issues.corrected import Group, corrected, together
from kg.resolve.issues.describe import explanation, label, strength, themes
from kg.resolve.issues.mentions import mentions
from kg.resolve.issues.similarity import Laid
from kg.resolve.issues.space import ProblemSpace
from kg.resolve.issues.status import status
from kg.resolve.issues.weakness import Mention, Repeat
from kg.resolve.keys import EventKey, authority_of, event_key
from kg.resolve.memo import Memo
from kg.resolve.states import State
from ontology.iris import digest

__all__ = ["Issues"]

Placed = TypeVar("Placed", Mention, Repeat)

RAISES = ("weakness", "mixed")
"""Polarities that raise a problem: a mixed finding names it beside something good."""


class Seen(msgspec.Struct, frozen=True):
    """What is kept of a document: a digest of its record, the events of its findings in turn
    (which of ``events`` each is of), and where it says that something was raised before."""

    document: str
    stamp: str
    events: tuple[EventKey, ...]
    places: tuple[int, ...]
    repeats: tuple[tuple[EventKey, Repeat], ...]


class Read(State):
    """The documents of each authority that make findings."""

    seen: dict[str, list[Seen]] = msgspec.field(default_factory=dict)


class Issues:
    """Collects findings document by document, then clusters each authority's weaknesses.

    ``corrections`` are people's decisions, applied after the clustering; ``memo`` keeps the
    mentions of a document, and the issues of an authority until something changes of which
    they are made.
    """

    def __init__(
        self,
        embedder: Embedder,
        corrections: Sequence[Correction] = (),
        memo: Memo | None = None,
    ) -> None:
        self._memo = memo
        self._embedder = embedder
        self._space = ProblemSpace(embedder)
        self._corrections = corrections
        self.state = Read()

    def see(self, record: Record) -> None:
        """Take in one document's findings; restatements inside it are left out.

        Their mentions are made here, by whichever process has the document in hand.
        """
        document = record.document
        authority = authority_of(document)
        claims = _claims(record)
        if authority is None or not claims:
            return
        keys = [event_key(claim.event, document) for claim in claims]
        number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        stamp = hashlib.sha256(msgspec.msgpack.encode(record)).hexdigest()
        places = tuple(number[key] for key in keys)
        repeats = tuple(_repeats(record))
        seen = Seen(document.id, stamp, tuple(number), places, repeats)
        self.state.seen.setdefault(authority, []).append(seen)
        if self._memo is not None:
            self._mentions(seen, lambda _: record)

    def settle(self, events: Directory[EventKey, Event], recall: Recall) -> tuple[Issue, ...]:
        """All issues, strongest first within each authority."""
        return tuple(
            issue
            for slug, seen in sorted(self.state.seen.items())
            for issue in self._of(slug, seen, events, recall)
        )

    def _of(
        self,
        slug: str,
        seen: Sequence[Seen],
        events: Directory[EventKey, Event],
        recall: Recall,
    ) -> tuple[Issue, ...]:
        placed = [[events.find(key) for key in each.events] for each in seen]
        repeats = [
            _pointing(repeat, events.find(key)) for each in seen for key, repeat in each.repeats
        ]

        def conclude() -> tuple[Issue, ...]:
            found = [
                _placed(mention, own[place])
                for each, own in zip(seen, placed, strict=True)
                for mention, place in zip(self._mentions(each, recall), each.places, strict=True)
            ]
            return _issues(slug, found, repeats, self._corrections)

        if self._memo is None:
            return conclude()
        for each in seen:
            self._memo.hold(self._grounds(each))
        said = [(each.stamp, own) for each, own in zip(seen, placed, strict=True)]
        grounds = (slug, self._embedder.name, said, repeats, self._corrections)
        return self._memo.get(tuple[Issue, ...], grounds, conclude)

    def _mentions(self, seen: Seen, recall: Recall) -> tuple[Mention, ...]:
        def conclude() -> tuple[Mention, ...]:
            record = recall(seen.document)
            return tuple(mentions(record, _claims(record), self._space))

        if self._memo is None:
            return conclude()
        return self._memo.get(tuple[Mention, ...], self._grounds(seen), conclude)

    def _grounds(self, seen: Seen) -> tuple[str, ...]:
        return "mentions", self._embedder.name, seen.stamp


def _claims(record: Record) -> list[FindingClaim]:
    return [c for c in record.claims if isinstance(c, FindingClaim) and c.restates is None]


def _repeats(record: Record) -> Iterator[tuple[EventKey, Repeat]]:
    document = record.document
    for claim in record.claims:
        if isinstance(claim, RepeatClaim):
            repeat = Repeat(
                id=claim_id(document.id, claim),
                document=document.id,
                start=claim.about_start,
                end=claim.about_end,
                event="",
                date=claim.earlier.date or "",
            )
            yield event_key(claim.earlier, document), repeat


def _issues(
    slug: str,
    found: Sequence[Mention],
    repeats: Sequence[Repeat],
    corrections: Sequence[Correction],
) -> tuple[Issue, ...]:
    weak = [mention for mention in found if mention.polarity in RAISES]
    others = Laid([mention for mention in found if mention.polarity not in RAISES])
    groups = corrected((Group(*cluster) for cluster in clusters(weak)), corrections)
    held = [group for group in groups if _holds(group, _said_of(group, repeats))]
    issues = [
        _issue(slug, group, _said_of(group, repeats), status(group.members, others))
        for group in _one_each(held)
    ]
    return tuple(sorted(issues, key=lambda issue: (-issue.strength, issue.id)))


def _said_of(group: Group, repeats: Sequence[Repeat]) -> list[Repeat]:
    return [repeat for repeat in repeats if any(map(repeat.is_about, group.members))]


def _one_each(groups: Sequence[Group]) -> Iterator[Group]:
    """A known problem is one issue, also where several findings bear it each by itself."""
    known: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.problem is None:
            yield group
        else:
            known[group.problem.id].append(group)
    yield from map(together, known.values())


def _holds(group: Group, said: Sequence[Repeat]) -> bool:
    """Whether a group is a recurring issue; leaves out of it what resembles nothing in it."""
    if group.decided:
        return True
    core = recurring(group.cluster)
    if core:
        group.members, group.alike = core.members, core.alike
    return core is not None or _only_said({m.event for m in group.members}, said)


def _issue(slug: str, group: Group, said: list[Repeat], state: str) -> Issue:
    cluster = group.cluster
    order = sorted(group.members, key=lambda m: (earliest(m.date), m.event, not m.listed, m.id))
    dates = sorted({one.date for one in (*order, *said) if one.date}, key=earliest)
    found = themes(cluster)
    own = group.problem.id if group.problem else f"{found[0]}-{digest(order[0].id)[:8]}"
    return Issue(
        id=f"issue/{slug}/{own}",
        label=group.label or label(cluster),
        themes=found,
        problem=group.problem.id if group.problem else None,
        status=state,
        occurrences=tuple(mention.id for mention in order),
        explicit=tuple(repeat.id for repeat in said),
        authority=slug,
        first=dates[0] if dates else None,
        last=order[-1].date or None,
        strength=strength(cluster, said),
        explanation=explanation(cluster, said),
        corrections=group.decisions,
    )


def _only_said(events: set[str], said: Sequence[Repeat]) -> bool:
    """Whether a document's word is all that tells of an earlier event.

    Where that event's own report is loaded and raises nothing alike, the word is not enough.
    """
    return any(repeat.event not in events and not repeat.loaded for repeat in said)


def _pointing(repeat: Repeat, event: Event) -> Repeat:
    return replace(_placed(repeat, event), loaded=bool(event.reported_in))


def _placed(one: Placed, event: Event) -> Placed:
    return replace(one, event=event.id, date=event.date or one.date)
