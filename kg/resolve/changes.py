"""Which commitments a statement of change means, in whatever document they stand.

A statement that names an instrument means the commitments of that event, or the one of the
clause that it cites. One that says in words what was done means the earlier commitment of
the same authority with which it shares most of its words, when one shares enough.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from kg.edtf import earliest
from kg.extract.changes import change_words
from kg.model import ChangeClaim, CommitmentClaim, EventClaim, Record
from kg.quads.ids import claim_id
from kg.resolve import Directory
from kg.resolve.entities import Event
from kg.resolve.keys import EventKey, authority_of, event_key, mention_key
from kg.resolve.states import State

ENOUGH, FEWEST = 0.6, 3
"""Share and number of words of the shorter statement that two must have in common."""

_HOLDS = frozenset({"requirement", "duty", "resolution", "action", "undertaking", "recommendation"})


@dataclass(frozen=True)
class _Commitment:
    """What is kept of a commitment: where it stands, its clause and its telling words."""

    ident: str
    document: str
    authority: str | None
    day: str
    clause: str
    words: frozenset[str]


@dataclass(frozen=True)
class _Statement:
    """What is kept of a statement of change."""

    ident: str
    document: str
    authority: str | None
    day: str
    place: int
    instrument: EventKey | None
    clause: str
    words: frozenset[str]


class Told(State):
    """What may change, what tells of changes, and the event that each document reports."""

    commitments: list[_Commitment] = msgspec.field(default_factory=list)
    statements: list[_Statement] = msgspec.field(default_factory=list)
    own: dict[str, EventKey] = msgspec.field(default_factory=dict)


class Changes:
    """Brings statements of change and commitments together; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, record: Record) -> None:
        """Take in the commitments and the statements of change of one document."""
        document, authority = record.document, authority_of(record.document)
        day = document.identity.date.value if document.identity.date else ""
        for claim in record.claims:
            match claim:
                case EventClaim(own=True):
                    self.state.own[document.id] = mention_key(claim, document)
                case CommitmentClaim() if claim.kind in _HOLDS:
                    words = telling(document.quote(claim.start, claim.end))
                    ident = claim_id(document.id, claim)
                    held = (ident, document.id, authority, day, _bare(claim.clause), words)
                    self.state.commitments.append(_Commitment(*held))
                case ChangeClaim():
                    self.state.statements.append(
                        _Statement(
                            claim_id(document.id, claim),
                            document.id,
                            authority,
                            day,
                            claim.start,
                            event_key(claim.instrument, document) if claim.instrument else None,
                            _bare(claim.clause),
                            telling(claim.what or document.quote(claim.start, claim.end)),
                        )
                    )

    def settle(self, events: Directory[EventKey, Event]) -> tuple[tuple[str, str], ...]:
        """Pairs of a statement and a commitment that it means, by their ids."""
        own = {document: events.ids[key] for document, key in self.state.own.items()}
        made_at: dict[str | None, list[_Commitment]] = defaultdict(list)
        made_by: dict[str | None, list[_Commitment]] = defaultdict(list)
        for each in self.state.commitments:
            made_at[own.get(each.document)].append(each)
            made_by[each.authority].append(each)
        pairs: set[tuple[str, str]] = set()
        for said in self.state.statements:
            if said.instrument is None:
                meant = _alike(said, made_by[said.authority])
            else:
                meant = _named(said, made_at[events.ids[said.instrument]])
            pairs.update((said.ident, each.ident) for each in meant)
        return tuple(sorted(pairs))


def _named(said: _Statement, held: Sequence[_Commitment]) -> list[_Commitment]:
    """Of the commitments of the event that a statement names, those that it means."""
    if said.clause:
        return [c for c in held if c.clause.startswith(said.clause)]
    return [c for c in held if c.document != said.document]


def _alike(said: _Statement, made: Sequence[_Commitment]) -> list[_Commitment]:
    """The earlier commitment that says what was done in most of the same words."""
    best: tuple[float, _Commitment] | None = None
    for each in made:
        if not _before(each, said):
            continue
        shared = len(each.words & said.words)
        share = shared / max(1, min(len(each.words), len(said.words)))
        if shared >= FEWEST and share >= ENOUGH and (best is None or share > best[0]):
            best = (share, each)
    return [best[1]] if best else []


def _before(commitment: _Commitment, said: _Statement) -> bool:
    """Whether a commitment stands in an earlier document of the authority."""
    if commitment.document == said.document or not (commitment.day and said.day):
        return False
    return earliest(commitment.day) <= earliest(said.day)


def telling(text: str) -> frozenset[str]:
    """The words of a statement that tell what it is about, shortened to their first letters."""
    common = change_words().common
    words = re.findall(r"[a-z]{4,}", text.lower())
    return frozenset(word[:7] for word in words if word not in common)


def _bare(clause: str) -> str:
    return clause.strip("().").lower()
