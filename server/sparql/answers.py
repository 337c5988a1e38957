"""Answers to queries that have passed the gate: from the cache, or from the engine.

cache ──miss──▶ does another ask the same now? ──no──▶ budget ──▶ engine ──▶ cache
                            └──yes──▶ wait for that answer
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from server.popular import Popular
from server.sparql.budget import QueryBudget
from server.sparql.cache import AnswerCache, CachedAnswer
from server.sparql.engine import Engine
from server.sparql.errors import QueryFailure
from server.sparql.flights import Flights
from server.sparql.formats import Format
from server.sparql.http import Request
from server.sparql.pool import QueryPool
from server.sparql.query import Query, QueryResult
from server.sparql.ways import Way

MOST_AHEAD = 200
"""Queries that are answered ahead from a new generation."""

LONGEST_AHEAD = 5_000
"""Milliseconds that one of them may have taken."""

_Key = tuple[str, str, tuple[Format | None, Format | None]]
"""Generation, query, formats."""


class _Asked(NamedTuple):
    """A query, and the formats of its answer."""

    query: Query
    chosen: tuple[Format | None, Format | None]


class Answers:
    """Finds the answer to a query, at the cost of the client that asks."""

    def __init__(self, engine: Engine, budget: QueryBudget) -> None:
        self._engine, self._budget = engine, budget
        self.flights = Flights(engine.limits.following, engine.limits.on_loop)
        self._cache = AnswerCache[CachedAnswer](engine.limits.cache_bytes)
        self._popular = Popular[_Asked]()

    def status(self) -> dict[str, Any]:
        """What the cache does."""
        held = self._cache
        return {"hits": held.hits, "misses": held.misses, "bytes": held.bytes}

    async def find(
        self,
        query: Query,
        chosen: tuple[Format | None, Format | None],
        request: Request,
        way: Way,
        *,
        lasting: bool,
    ) -> QueryResult:
        """The complete answer, or a QueryFailure.

        ``chosen`` are the formats of solutions and of graphs. One that does not last, since the
        query may give another the next time, is neither kept nor shared; nor is any where
        nothing is kept.
        """
        if not (lasting and self._cache.keeps):
            return await self._run(query, request, way)
        key = (self._engine.generation, query.key, chosen)
        self._popular.asked(_Asked(query, chosen))
        held = self._cache.get(key)
        if held is not None:
            return _kept(held, key[0])
        return await self._shared(query, request, key, way)

    async def _shared(self, query: Query, request: Request, key: _Key, way: Way) -> QueryResult:
        """The answer of one run for all who ask this now; it goes into the cache."""
        shared = (key, query.seconds)
        while (flight := self.flights.lead(shared)) is None:
            held = await way.follow(self.flights, shared, request.gone)
            if held is not None:
                return _kept(held, key[0])
        try:
            result, answer = await self._led(query, request, key, way)
        except QueryFailure as failure:
            self.flights.land(shared, flight, failure)
            raise
        except BaseException:
            self.flights.land(shared, flight, None)
            raise
        self.flights.land(shared, flight, answer)
        return result

    async def _led(
        self, query: Query, request: Request, key: _Key, way: Way
    ) -> tuple[QueryResult, CachedAnswer | None]:
        """The answer of a run, and what of it those who follow may have."""
        result = await self._run(query, request, way)
        if result.length > self._cache.largest:
            return result, None
        answer = _cached(result)
        self._cache.put((result.generation, *key[1:]), answer)
        if result.milliseconds <= LONGEST_AHEAD:
            self._popular.cost(_Asked(query, key[2]), result.milliseconds)
        same = result.generation == key[0]
        return _kept(answer, result.generation), answer if same else None

    def renew(self, store: Path, generation: str, stopped: Callable[[], bool]) -> int:
        """Answer ahead, from a generation that is not served yet, what was asked most of the one
        that is, dearest first; how many. Only what runs queries here can do it."""
        worth = self._popular.worth()[:MOST_AHEAD] if self._cache.keeps else []
        if not worth or not isinstance(self._engine, QueryPool):
            return 0
        made = 0
        found = self._engine.beforehand(store, generation, (asked.query for asked in worth))
        with closing(found):
            for asked, result in zip(worth, found, strict=False):
                self._cache.put((generation, asked.query.key, asked.chosen), _cached(result))
                made += 1
                if stopped():
                    break
        return made

    def only(self, generation: str) -> None:
        """Let go of answers from other generations, and of what was asked but rarely."""
        self._cache.keep(lambda key: key[0] == generation)
        self._popular.fade()

    async def _run(self, query: Query, request: Request, way: Way) -> QueryResult:
        self._budget.check(request.client)
        start = time.monotonic()
        try:
            return await way.query(self._engine, query, request.client, request.gone)
        finally:
            self._budget.spend(request.client, (time.monotonic() - start) * 1000)


def _cached(result: QueryResult) -> CachedAnswer:
    return CachedAnswer(result.kind, result.format, result.read(), result.rows)


def _kept(held: CachedAnswer, generation: str) -> QueryResult:
    body, length = BytesIO(held.body), len(held.body)
    return QueryResult(held.kind, held.format, body, length, held.rows, 0.0, generation)
