"""One event for all the ways in which documents refer to it.

References are of one event when authority and kind agree, the bodies do not contradict, and
their dates share a day. A precise date comes first: "the inspection in September 2018" joins
the inspection of 17 to 28 September when just one fits, or just one whose report is loaded,
and stays an event of its own when several do. Reports are also referred to by the month in
which they were published, which counts when no date of the event itself fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date as day

import msgspec

from kg.edtf import days, earliest, latest
from kg.model import EventClaim, Record
from kg.resolve import Directory
from kg.resolve.entities import Event
from kg.resolve.keys import EventKey, mention_key
from kg.resolve.references import event_keys, mentions
from kg.resolve.states import State
from ontology.families import family, is_inspection
from ontology.iris import digest, slugify

_OPEN = "9999-12-31"
_LONGEST = 60


_FULL = ("inspection", "re-inspection")
_PUBLISHED = 110
"""Days after the end of an inspection within which its report is published."""


@dataclass
class _Seen:
    """What all documents together say of one key."""

    key: EventKey
    claims: list[tuple[str, EventClaim]] = field(default_factory=list)

    @property
    def own(self) -> list[tuple[str, EventClaim]]:
        return [pair for pair in self.claims if pair[1].own]

    @property
    def width(self) -> int:
        """Days that the date covers; an open interval is the widest."""
        date = self.key.ref.date or "/"
        closed = date.strip("/") == date
        return days(date) if closed else 10**6


@dataclass
class _Cluster:
    """References taken to be of one event; the first is the most telling."""

    members: list[_Seen]

    @property
    def claims(self) -> Iterator[tuple[str, EventClaim]]:
        return (pair for member in self.members for pair in member.claims)

    def fits(self, seen: _Seen) -> bool:
        """Whether a reference can mean this event by its date, body and label."""
        mine, theirs = self.members[0].key.ref, seen.key.ref
        return bool(
            mine.date and theirs.date and overlap(mine.date, theirs.date) and self.agrees(seen)
        )

    def repeats(self, seen: _Seen) -> bool:
        """Whether a reference without a date means this one, of which its document speaks too."""
        own, other = self.members[0].key, seen.key
        same = own.document == other.document and own.ref.kind == other.ref.kind
        return same and own.service != "" and own.service == other.service

    def agrees(self, seen: _Seen) -> bool:
        """Whether neither the body nor the label of a reference speaks against this event."""
        own, other = self.members[0].key, seen.key
        labelled = "" in (own.label, other.label) or own.label == other.label
        labelled = labelled and own.service == other.service
        return labelled and (
            None in (own.ref.body, other.ref.body) or own.ref.body == other.ref.body
        )

    def published_in(self, seen: _Seen) -> bool:
        """Whether a reference dates this event by the publication of its report.

        Where the report of a full inspection prints no date, it is a month or day soon after
        the inspection's end; visits follow each other too closely for that.
        """
        date = seen.key.ref.date
        dates = [claim.published.value for _, claim in self.claims if claim.published]
        if self.members[0].key.service != seen.key.service:
            return False
        if dates or not date or not self.reported:
            return any(date and overlap(date, published) for published in dates)
        full = self.members[0].key.ref.kind in _FULL and not seen.own
        return full and self.agrees(seen) and self._soon_after(date)

    @property
    def reported(self) -> bool:
        """Whether a document that is loaded reports it."""
        return any(member.own for member in self.members)

    def _soon_after(self, when: str) -> bool:
        end = latest(self.members[0].key.ref.date or "/")
        if not end or not latest(when) or len(when) < len("2014-05"):
            return False
        return 0 < (day.fromisoformat(latest(when)) - day.fromisoformat(end)).days <= _PUBLISHED


def overlap(one: str, other: str) -> bool:
    """Whether two dates share a day: a visit of 27 February to 3 March was "in March"."""
    begins = max(earliest(one), earliest(other))
    ends = min(latest(one) or _OPEN, latest(other) or _OPEN)
    return begins <= ends


class Told(State):
    """The references and, where there are any, the mentions of each with their documents."""

    claims: dict[EventKey, list[tuple[str, EventClaim]]] = msgspec.field(default_factory=dict)


class Events:
    """Resolves references to events; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, record: Record) -> None:
        """Take in the references and mentions of one document."""
        for key in event_keys(record):
            self.state.claims.setdefault(key, [])
        for claim in mentions(record):
            key = mention_key(claim, record.document)
            self.state.claims[key].append((record.document.id, claim))

    def settle(self) -> Directory[EventKey, Event]:
        """The events, and the event that each key means."""
        entities: dict[str, Event] = {}
        ids: dict[EventKey, str] = {}
        for cluster in self._clusters():
            event = _event(cluster, taken=entities)
            entities[event.id] = event
            ids.update((member.key, event.id) for member in cluster.members)
        return Directory(entities, ids)

    def _clusters(self) -> Iterator[_Cluster]:
        groups: dict[tuple[str | None, str], list[_Seen]] = defaultdict(list)
        for seen in map(_Seen, self.state.claims, self.state.claims.values()):
            groups[seen.key.ref.authority, family(seen.key.ref.kind)].append(seen)
        for group in sorted(groups, key=str):
            yield from _cluster(groups[group])


def _cluster(references: Iterable[_Seen]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for seen in sorted(references, key=_telling):
        if match := _the_one(clusters, seen):
            match.members.append(seen)
        else:
            clusters.append(_Cluster([seen]))
    return clusters


def _telling(seen: _Seen) -> tuple[bool, int, bool, str]:
    """Reported events first, then the more precise date, then the labelled."""
    return (not seen.own, seen.width, not seen.key.label, str(seen.key))


def _the_one(clusters: list[_Cluster], seen: _Seen) -> _Cluster | None:
    """The only event that a reference can mean: of its very kind, else of its family."""
    if seen.key.document:
        return _only([cluster for cluster in clusters if cluster.repeats(seen)])
    kind = seen.key.ref.kind
    dated = [cluster for cluster in clusters if cluster.fits(seen)]
    same = [cluster for cluster in dated if cluster.members[0].key.ref.kind == kind]
    loose = [cluster for cluster in dated if _may_be(kind, cluster)]
    published = [c for c in clusters if c.published_in(seen) and _may_be(kind, c)]
    for candidates in (same, loose, published):
        if candidates:
            return _only(candidates) or _only([one for one in candidates if one.reported])
    return None


def _only(clusters: list[_Cluster]) -> _Cluster | None:
    return clusters[0] if len(clusters) == 1 else None


def _may_be(kind: str, cluster: _Cluster) -> bool:
    """Whether a kind, or the general word for a family ("inspection"), can mean this event."""
    own = cluster.members[0].key.ref.kind
    return kind in (own, family(own))


def _event(cluster: _Cluster, taken: dict[str, Event]) -> Event:
    first = cluster.members[0]
    claims = [claim for _, claim in first.own or first.claims or cluster.claims]
    own = [pair for pair in cluster.claims if pair[1].own]
    ref = first.key.ref
    return Event(
        _id(first, taken),
        ref.kind,
        claims[0].label if claims else _label(first),
        ref.authority,
        ref.date,
        next((member.key.ref.body for member in cluster.members if member.key.ref.body), None),
        next((claim.framework for _, claim in cluster.claims if claim.framework), None),
        next((claim.published.value for _, claim in own if claim.published), None),
        tuple(sorted({document for document, _ in own})),
    )


def _label(seen: _Seen) -> str:
    words = seen.key.ref.kind.replace("-", " ").capitalize()
    return f"{words}, {seen.key.ref.date}" if seen.key.ref.date else words


def _id(seen: _Seen, taken: dict[str, Event]) -> str:
    """Authority, first day and kind; the body or a digest only where two would be one."""
    ref = seen.key.ref
    path = "inspection" if is_inspection(ref.kind) else "event"
    day = (ref.date or "undated").strip("/").split("/")[0]
    name = (seen.key.label or slugify(f"{seen.key.service} {ref.kind}"))[:_LONGEST].strip("-")
    plain = f"{path}/{ref.authority or 'unplaced'}/{day}-{name}"
    if seen.key.document:
        plain = f"{plain}-{digest(seen.key.document)}"
    for ident in (plain, f"{plain}-{slugify(ref.body or '') or 'other'}"):
        if ident not in taken:
            return ident
    return f"{plain}-{digest(str(seen.key))}"
