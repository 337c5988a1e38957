"""From what documents say to the things they say it of: claims in, shared entities out.

A resolver is a class with a state and two methods:

    class Resolver(Protocol[Outcome]):
        state: State
        def see(self, record: Record) -> None      # every document in turn, in order of id
        def settle(self) -> Outcome                 # once, after the last document

It keeps from ``see`` only what it needs (never the text) in its ``state``, so that thousands
of documents fit in memory, and it is pure: the same records give the same outcome. What it
keeps of one document is stored (:mod:`kg.resolve.told`), so that a document that is not new
need not be looked at again. An outcome is a
:class:`Directory`: the entities, and which entity each reference means. Reference keys are
made by :mod:`kg.resolve.keys`, by resolvers and quad builders alike.

To replace a resolver, give its class in ``Resolvers``; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from kg.model import Record
from kg.resolve.entities import Disagreement, Event, Issue, Organisation, Post, Side, Tenure
from kg.resolve.keys import BodyKey, EventKey, PostKey
from kg.resolve.meant import Meant
from kg.resolve.states import State

__all__ = ["Directory", "Recall", "Resolution", "Resolved", "Resolver", "Resolvers", "resolve"]

Key = TypeVar("Key")
Entity = TypeVar("Entity", Event, Organisation, Post, Tenure)
Outcome = TypeVar("Outcome", covariant=True)
Recall = Callable[[str], Record]
"""The record of a document, by its id."""


@dataclass(frozen=True)
class Directory(Generic[Key, Entity]):
    """Entities by id, and the id that each key means."""

    entities: Mapping[str, Entity]
    ids: Mapping[Key, str]

    def find(self, key: Key) -> Entity:
        """The entity that a key means; every key that was seen has one."""
        return self.entities[self.ids[key]]


class Keeper(Protocol):
    """What all resolvers have in common."""

    @property
    def state(self) -> State:
        """What is kept of the documents so far."""
        ...

    def see(self, record: Record) -> None:
        """Take in one document."""
        ...


class Resolver(Keeper, Protocol[Outcome]):
    """Takes in every document once, then says what they are about."""

    def settle(self) -> Outcome:
        """The outcome, after the last document."""
        ...


class IssueResolver(Keeper, Protocol):
    """A resolver that needs to know which events are one, and to look again into documents
    of which it has something new to say: see :mod:`kg.resolve.issues`."""

    def settle(self, events: Directory[EventKey, Event], recall: Recall) -> tuple[Issue, ...]:
        """The recurring issues, given the events."""
        ...


class JudgementResolver(Keeper, Protocol):
    """A resolver that needs to know which events are one: see :mod:`kg.resolve.judgements`."""

    def settle(self, events: Directory[EventKey, Event]) -> Mapping[str, str]:
        """For each judgement that is told again, the judgement that it tells."""
        ...


class ChangeResolver(Keeper, Protocol):
    """A resolver that needs to know which events are one: see :mod:`kg.resolve.changes`."""

    def settle(self, events: Directory[EventKey, Event]) -> tuple[tuple[str, str], ...]:
        """Statements of change, each with a commitment that it means."""
        ...


class DisagreementResolver(Keeper, Protocol):
    """A resolver that needs all entities: see :mod:`kg.resolve.disagreements`."""

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

    def meant(self, document: str) -> Meant:
        """What the references of one document mean."""
        return Meant(
            self.events.ids,
            self.organisations.ids,
            self.posts.ids,
            self.tenures.ids,
            self.sides(document),
        )

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


class Resolution:
    """A run of all resolvers: documents, or what was kept of them, go in, entities come out."""

    def __init__(self, resolvers: Resolvers) -> None:
        self._events, self._organisations = resolvers.events(), resolvers.organisations()
        self._posts, self._tenures = resolvers.posts(), resolvers.tenures()
        self._issues = resolvers.issues() if resolvers.issues else None
        self._disagreements = resolvers.disagreements() if resolvers.disagreements else None
        self._judgements = resolvers.judgements() if resolvers.judgements else None
        self._changes = resolvers.changes() if resolvers.changes else None

    def _all(self) -> Iterator[Keeper]:
        yield from (self._events, self._organisations, self._posts, self._tenures)
        told = (self._issues, self._disagreements, self._judgements, self._changes)
        yield from (resolver for resolver in told if resolver is not None)

    def see(self, record: Record) -> None:
        """Take in the next document, in order of id."""
        for resolver in self._all():
            resolver.see(record)

    def states(self) -> list[State]:
        """What is kept, a state for each resolver."""
        return [resolver.state for resolver in self._all()]

    def settle(self, recall: Recall) -> Resolved:
        """All entities, after the last document."""
        found = self._events.settle()
        resolved = Resolved(
            found,
            self._organisations.settle(),
            self._posts.settle(),
            self._tenures.settle(),
            self._issues.settle(found, recall) if self._issues else (),
            self._judgements.settle(found) if self._judgements else {},
            self._changes.settle(found) if self._changes else (),
        )
        if self._disagreements is None:
            return resolved
        return replace(resolved, disagreements=self._disagreements.settle(resolved))


def resolve(records: Sequence[Record], resolvers: Resolvers) -> Resolved:
    """Run all resolvers over documents that are at hand."""
    run = Resolution(resolvers)
    for record in records:
        run.see(record)
    return run.settle({record.document.id: record for record in records}.__getitem__)
