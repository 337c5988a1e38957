"""Which judgements are one: the same grade of the same domain at one event, told twice.

The one that stands nearest to the event is kept as the judgement: in the event's own report,
else in the earliest document that tells of it. The others are further sources of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from kg.model import EventClaim, JudgementClaim, Record
from kg.quads.ids import claim_id
from kg.resolve import Directory
from kg.resolve.entities import Event
from kg.resolve.keys import EventKey, judged_key, mention_key
from kg.resolve.states import State

_Order = tuple[bool, str, str]


class Told(State):
    """Judgements with their document and id, the days of documents, and their own events."""

    told: list[tuple[EventKey, tuple[str, ...], str, str]] = msgspec.field(default_factory=list)
    days: dict[str, str] = msgspec.field(default_factory=dict)
    own: set[tuple[str, EventKey]] = msgspec.field(default_factory=set)


class Judgements:
    """Takes in what documents judge or retell; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, record: Record) -> None:
        """Take in the judgements of one document."""
        document = record.document
        self.state.days[document.id] = (
            document.identity.date.value if document.identity.date else "9999"
        )
        for claim in record.claims:
            if isinstance(claim, EventClaim) and claim.own:
                self.state.own.add((document.id, mention_key(claim, document)))
            if isinstance(claim, JudgementClaim):
                key = judged_key(claim, document)
                said = (claim.domain, claim.grade or "", claim.assertor)
                self.state.told.append((key, said, document.id, claim_id(document.id, claim)))

    def settle(self, events: Directory[EventKey, Event]) -> dict[str, str]:
        """For each judgement that is told again: its id, and the id of the one it tells."""
        ids = events.ids
        groups: dict[tuple[str, tuple[str, ...]], list[tuple[_Order, str]]] = defaultdict(list)
        own = {(document, ids[key]) for document, key in self.state.own}
        for key, said, document, ident in self.state.told:
            order = ((document, ids[key]) not in own, self.state.days[document], ident)
            groups[ids[key], said].append((order, ident))
        return dict(pair for group in groups.values() for pair in _retold(group))


def _retold(group: Iterable[tuple[_Order, str]]) -> Iterable[tuple[str, str]]:
    (_, first), *others = sorted(group)
    return ((ident, first) for _, ident in others if ident != first)
