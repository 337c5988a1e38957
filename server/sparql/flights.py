"""One run for all who ask the same at the same time.

The first to ask leads; who asks the same meanwhile follows, and gets the leader's answer or the
failure that the query itself is at fault for. Followers are bounded, those that hold a thread
most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from server.sparql.bell import Bell
from server.sparql.cache import CachedAnswer
from server.sparql.errors import (
    QueryCancelled,
    QueryCrash,
    QueryDeadline,
    QueryFailure,
    QueryRefused,
    QuerySyntaxError,
    ResultTooLarge,
    TooManyRequests,
)

ITS_OWN_FAULT = (QueryCrash, QueryDeadline, QueryRefused, QuerySyntaxError, ResultTooLarge)
"""Failures that anyone who asks this meets; others befall only the client that led."""

LOOK_SECONDS = 0.1


class Flight:
    """A run that others may wait for; few have followers, so it holds nothing for them at first."""

    __slots__ = ("_landed", "_outcome", "_told")

    def __init__(self) -> None:
        self._landed = False
        self._outcome: CachedAnswer | QueryFailure | None = None
        self._told: list[Callable[[], None]] = []

    def tell(self, landed: Callable[[], None]) -> None:
        """Call it once the flight has landed; by whoever holds the lock of the flights."""
        if self._landed:
            landed()
        else:
            self._told.append(landed)

    def end(self, outcome: CachedAnswer | QueryFailure | None) -> list[Callable[[], None]]:
        """It has landed; gives whom to tell."""
        self._outcome, self._landed = outcome, True
        return self._told

    def outcome(self) -> CachedAnswer | None:
        """What came of it, once it has landed."""
        if isinstance(self._outcome, QueryFailure):
            raise self._outcome.again()
        return self._outcome


class Flights:
    """Queries that are running, by key, and those who wait for their answers."""

    def __init__(self, followers: int, on_loop: int | None = None) -> None:
        self._most = {False: followers, True: followers if on_loop is None else on_loop}
        self._followers = {False: 0, True: 0}
        self._flying: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()

    @property
    def followers(self) -> int:
        """How many wait for another's answer."""
        return sum(self._followers.values())

    def lead(self, key: Hashable) -> Flight | None:
        """A flight to end with :meth:`land`, or None where one with this key is in the air."""
        with self._lock:
            if key in self._flying:
                return None
            flight = self._flying[key] = Flight()
            return flight

    def land(
        self, key: Hashable, flight: Flight, outcome: CachedAnswer | QueryFailure | None
    ) -> None:
        """Give the outcome to all who follow; None leaves each to ask for himself."""
        if isinstance(outcome, QueryFailure):
            outcome = outcome.again() if isinstance(outcome, ITS_OWN_FAULT) else None
        with self._lock:
            self._flying.pop(key, None)
            told = flight.end(outcome)
        for tell in told:
            tell()

    def follow(self, key: Hashable, gone: Callable[[], bool] | None = None) -> CachedAnswer | None:
        """What the leader got, or None: then ask; raises the leader's failure.

        The leader has a deadline, so this ends.
        """
        landed = threading.Event()
        with self._following(key, landed.set, on_loop=False) as flight:
            while not landed.wait(LOOK_SECONDS if gone else None):
                _stay(gone)
            return flight.outcome()

    async def follow_on_loop(
        self, key: Hashable, gone: Callable[[], bool] | None = None
    ) -> CachedAnswer | None:
        """The same for a task on an event loop."""
        landed = Bell()
        with self._following(key, landed.ring, on_loop=True) as flight:
            while not await landed.wait(LOOK_SECONDS):
                _stay(gone)
            return flight.outcome()

    @contextmanager
    def _following(
        self, key: Hashable, landed: Callable[[], None], *, on_loop: bool
    ) -> Iterator[Flight]:
        """The flight to wait for, counted among those who do in the same way; where there is
        none, one that has landed with nothing."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is None:
                flight = Flight()
                flight.end(None)
            elif self._followers[on_loop] >= self._most[on_loop]:
                raise TooManyRequests(
                    "Too many wait for this query.",
                    cure="Try again in a moment.",
                    limit=("queries waiting", self._most[on_loop]),
                    retry_after=2,
                )
            self._followers[on_loop] += 1
            flight.tell(landed)
        try:
            yield flight
        finally:
            with self._lock:
                self._followers[on_loop] -= 1


def _stay(gone: Callable[[], bool] | None) -> None:
    if gone and gone():
        raise QueryCancelled("The client went away.") from None
