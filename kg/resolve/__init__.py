"""From what documents say to the things they say it of: claims in, shared entities out.

A resolver is a class with two methods:

    class Resolver(Protocol[Outcome]):
        def see(self, record: Record) -> None      # every document in turn, in order of id
        def settle(self) -> Outcome                 # once, after the last document

It keeps from ``see`` only what it needs (never the text), so that thousands of documents
fit in memory, and it is pure: the same records give the same outcome. An outcome is a
:class:`Directory`: the entities, and which entity each reference means. Reference keys are
made by :mod:`kg.resolve.keys`, by resolvers and quad builders alike.

To replace a resolver, give its class in ``Resolvers``; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from kg.model import Record
from kg.resolve.entities import Disagreement, Event, Issue, Organisation, Post, Side, Tenure
from kg.resolve.keys import BodyKey, EventKey, PostKey

__all__ = ["Directory", "Resolved", "Resolver", "Resolvers", "resolve"]

Key = TypeVar("Key")
Entity = TypeVar("Entity", Event, Organisation, Post, Tenure)
Outcome = TypeVar("Outcome", covariant=True)


@dataclass(frozen=True)
class Directory(Generic[Key, Entity]):
    """Entities by id, and the id that each key means."""

    entities: Mapping[str, Entity]
    ids: Mapping[Key, str]

    def find(self, key: Key) -> Entity:
        """The entity that a key means; every key that was seen has one."""
        return self.entities[self.ids[key]]


class Resolver(Protocol[Outcome]):
    """Takes in every document once, then says what they are about."""

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...

    def settle(self) -> Outcome:
        """The outcome, after the last document."""
        ...


class IssueResolver(Protocol):
    """A resolver that needs to know which events are one: see :mod:`kg.resolve.issues`."""

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...

    def settle(self, events: Directory[EventKey, Event]) -> tuple[Issue, ...]:
        """The recurring issues, given the events."""
        ...


class JudgementResolver(Protocol):
    """A resolver that needs to know which events are one: see :mod:`kg.resolve.judgements`."""

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...

    def settle(self, events: Directory[EventKey, Event]) -> Mapping[str, str]:
        """For each judgement that is told again, the judgement that it tells."""
        ...


class ChangeResolver(Protocol):
    """A resolver that needs to know which events are one: see :mod:`kg.resolve.changes`."""

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...

    def settle(self, events: Directory[EventKey, Event]) -> tuple[tuple[str, str], ...]:
        """Statements of change, each with a commitment that it means."""
        ...


class DisagreementResolver(Protocol):
    """A resolver that needs all entities: see :mod:`kg.resolve.disagreements`."""

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...

    def settle(self, resolved: Resolved) -> tuple[Disagreement, ...]:
        """The disagreements, given what references mean."""
        ...


@dataclass(frozen=True)
class Resolved:
    """All entities of a set of documents. Tenures are keyed by the id of their claim.

    ``same_judgements`` has the id of each judgement that tells another one again, and of
    that; ``changed`` has pairs of a statement of change and a commitment that it means.
    """

    events: Directory[EventKey, Event]
    organisations: Directory[BodyKey, Organisation]
    posts: Directory[PostKey, Post]
    tenures: Directory[str, Tenure]
    issues: tuple[Issue, ...] = ()
    same_judgements: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[tuple[str, str], ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def sides(self, document: str) -> list[Side]:
        """The sides of disagreements that one document gives, in the order of its text."""
        return self._sides.get(document, [])

    @cached_property
    def _sides(self) -> dict[str, list[Side]]:
        out: dict[str, list[Side]] = {}
        for side in sorted({s for each in self.disagreements for s in each.sides}, key=_place):
            out.setdefault(side.document, []).append(side)
        return out


def _place(side: Side) -> tuple[str, int, int, str]:
    return side.document, side.start, side.end, side.value


@dataclass(frozen=True)
class Resolvers:
    """Makes a fresh resolver of each kind; ``resolve`` runs them over one pass."""

    events: Callable[[], Resolver[Directory[EventKey, Event]]]
    organisations: Callable[[], Resolver[Directory[BodyKey, Organisation]]]
    posts: Callable[[], Resolver[Directory[PostKey, Post]]]
    tenures: Callable[[], Resolver[Directory[str, Tenure]]]
    issues: Callable[[], IssueResolver] | None = field(default=None)
    disagreements: Callable[[], DisagreementResolver] | None = field(default=None)
    judgements: Callable[[], JudgementResolver] | None = field(default=None)
    changes: Callable[[], ChangeResolver] | None = field(default=None)


def resolve(records: Iterable[Record], resolvers: Resolvers) -> Resolved:
    """Run all resolvers over the documents, which are read once and one at a time."""
    events, organisations = resolvers.events(), resolvers.organisations()
    posts, tenures = resolvers.posts(), resolvers.tenures()
    issues = resolvers.issues() if resolvers.issues else None
    disagreements = resolvers.disagreements() if resolvers.disagreements else None
    judgements = resolvers.judgements() if resolvers.judgements else None
    changes = resolvers.changes() if resolvers.changes else None
    for record in records:
        told = (judgements, changes, issues, disagreements)
        for resolver in (events, organisations, posts, tenures, *told):
            if resolver is not None:
                resolver.see(record)
    found = events.settle()
    resolved = Resolved(
        found,
        organisations.settle(),
        posts.settle(),
        tenures.settle(),
        issues.settle(found) if issues else (),
        judgements.settle(found) if judgements else {},
        changes.settle(found) if changes else (),
    )
    if disagreements is None:
        return resolved
    return replace(resolved, disagreements=disagreements.settle(resolved))
