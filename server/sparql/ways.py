"""Two ways through the endpoint: in a thread that may wait, and on an event loop that may not.

The endpoint is written once, as coroutines. What has to be waited for, and what takes long, they
leave to a way: a thread does it there and then, so its coroutines never stop; the loop goes on
with others meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Protocol, TypeVar

from server.bridge import Aside
from server.sparql.cache import CachedAnswer
from server.sparql.engine import Engine
from server.sparql.flights import Flights
from server.sparql.pool import QueryPool
from server.sparql.query import Query, QueryResult

T = TypeVar("T")
Gone = Callable[[], bool]


class Way(Protocol):
    """How whoever answers a request waits."""

    async def aside(self, act: Callable[[], T]) -> T:
        """What an act gives that takes more than a moment."""
        ...

    async def query(
        self, engine: Engine, query: Query, client: str, gone: Gone | None
    ) -> QueryResult:
        """The engine's answer."""
        ...

    async def follow(
        self, flights: Flights, key: Hashable, gone: Gone | None
    ) -> CachedAnswer | None:
        """What the leader of a flight got."""
        ...


class InThread:
    """The thread that asks waits."""

    async def aside(self, act: Callable[[], T]) -> T:
        """Done here."""
        return act()

    async def query(
        self, engine: Engine, query: Query, client: str, gone: Gone | None
    ) -> QueryResult:
        """Waited for here."""
        return engine.query(query, client=client, gone=gone)

    async def follow(
        self, flights: Flights, key: Hashable, gone: Gone | None
    ) -> CachedAnswer | None:
        """Waited for here."""
        return flights.follow(key, gone)


class OnLoop:
    """A task waits, and no thread with it, save for what takes long."""

    def __init__(self, aside: Aside) -> None:
        self._aside = aside

    async def aside(self, act: Callable[[], T]) -> T:
        """Done by a thread."""
        return await self._aside(act)

    async def query(
        self, engine: Engine, query: Query, client: str, gone: Gone | None
    ) -> QueryResult:
        """On the loop, if the engine can; else a thread waits."""
        if isinstance(engine, QueryPool):
            return await engine.query_on_loop(query, self._aside, client=client, gone=gone)
        return await self._aside(lambda: engine.query(query, client=client, gone=gone))

    async def follow(
        self, flights: Flights, key: Hashable, gone: Gone | None
    ) -> CachedAnswer | None:
        """On the loop."""
        return await flights.follow_on_loop(key, gone)


IN_THREAD = InThread()


def completed(work: Coroutine[Any, Any, T]) -> T:
    """What coroutines give that never stop."""
    try:
        work.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    work.close()
    raise RuntimeError("it would have to wait for an event loop")
