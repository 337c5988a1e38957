"""One run for all who ask the same at the same time.

The first to ask leads; who asks the same meanwhile follows, and gets the leader's answer or the
failure that the query itself is at fault for. Followers are bounded, for each may hold a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
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
Flight = Future[CachedAnswer | None]


class Flights:
    """Queries that are running, by key, and those who wait for their answers."""

    def __init__(self, followers: int) -> None:
        self._most, self._followers = followers, 0
        self._flying: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()

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
        with self._lock:
            self._flying.pop(key, None)
        if isinstance(outcome, ITS_OWN_FAULT):
            flight.set_exception(outcome)
        else:
            flight.set_result(outcome if isinstance(outcome, CachedAnswer) else None)

    def follow(self, key: Hashable, gone: Callable[[], bool] | None = None) -> CachedAnswer | None:
        """What the leader got, or None: then ask; raises the leader's failure."""
        with self._following(key) as flight:
            return None if flight is None else _awaited(flight, gone)

    async def follow_on_loop(
        self, key: Hashable, gone: Callable[[], bool] | None = None
    ) -> CachedAnswer | None:
        """The same for a task on an event loop."""
        with self._following(key) as flight:
            return None if flight is None else await _awaited_on_loop(flight, gone)

    @contextmanager
    def _following(self, key: Hashable) -> Iterator[Flight | None]:
        """The flight to wait for, counted among those who do."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is not None and self._followers >= self._most:
                raise TooManyRequests(
                    "Too many wait for this query.",
                    cure="Try again in a moment.",
                    limit=("queries waiting", self._most),
                    retry_after=2,
                )
            self._followers += flight is not None
        try:
            yield flight
        finally:
            with self._lock:
                self._followers -= flight is not None


def _awaited(flight: Flight, gone: Callable[[], bool] | None) -> CachedAnswer | None:
    """The leader has a deadline, so this ends."""
    while True:
        try:
            return flight.result(LOOK_SECONDS if gone else None)
        except TimeoutError:
            if gone and gone():
                raise QueryCancelled("The client went away.") from None


async def _awaited_on_loop(flight: Flight, gone: Callable[[], bool] | None) -> CachedAnswer | None:
    landed = Bell()
    flight.add_done_callback(lambda _: landed.ring())
    while not flight.done():
        if not await landed.wait(LOOK_SECONDS) and gone and gone():
            raise QueryCancelled("The client went away.")
    return flight.result()
