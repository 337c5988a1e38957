"""Queries answered on an event loop: the same answers, and nothing lost where a task is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from urllib.parse import quote

import pytest

from server.connections import Gathered
from server.sparql.bell import Bell
from server.sparql.cache import CachedAnswer
from server.sparql.errors import QueryCancelled, QueryDeadline, TooManyRequests
from server.sparql.flights import Flights
from server.sparql.formats import RESULTS
from server.sparql.http import Request
from server.sparql.lane import Lane, LaneSize
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from server.sparql.query import Query
from server.sparql.ways import OnLoop

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ANSWER = CachedAnswer("boolean", RESULTS[0], b"{}", 1)
SECONDS = 60.0
"""Long enough on any machine for what is to happen."""


P = ParamSpec("P")


def on_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """The test on an event loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def lane_of_one() -> Lane[str]:
    lane: Lane[str] = Lane(
        LaneSize(1, 1, 4, SECONDS), lambda worker: False, lambda lane, worker: None
    )
    lane.put("worker")
    return lane


async def _holds(lane: Lane[str], let: asyncio.Event) -> str:
    with await lane.lend_on_loop("client") as worker:
        await let.wait()
        return worker


async def _until_waiting(lane: Lane[str]) -> None:
    while not lane.counts()["waiting"]:
        await asyncio.sleep(0)


@on_loop
async def test_a_bell_is_heard_from_a_thread_and_once() -> None:
    bell = Bell()
    await asyncio.to_thread(bell.ring)
    assert await bell.wait(SECONDS)
    assert not await bell.wait(0)


@on_loop
async def test_who_is_cut_off_in_the_queue_leaves_it() -> None:
    lane, let = lane_of_one(), asyncio.Event()
    with lane.lend("client"):
        waiting = asyncio.create_task(_holds(lane, let))
        await _until_waiting(lane)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert lane.counts()["waiting"] == 0
    assert lane.counts()["idle"] == 1


@on_loop
async def test_a_worker_that_was_just_handed_over_is_not_lost() -> None:
    lane, let = lane_of_one(), asyncio.Event()
    with lane.lend("client"):
        waiting = asyncio.create_task(_holds(lane, let))
        await _until_waiting(lane)
    assert lane.counts()["busy"] == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert lane.counts()["idle"] == 1


@on_loop
async def test_one_client_never_fills_the_queue() -> None:
    """Those who wait hold no thread, so many may; of one client few."""
    size = LaneSize(1, 1, 0, SECONDS, on_loop=2, each=1)
    lane = Lane[str](size, lambda worker: False, lambda lane, worker: None)
    lane.put("worker")
    with await lane.lend_on_loop("first"):
        tasks = [asyncio.create_task(lane.lend_on_loop(name)) for name in ("second", "third")]
        while lane.counts()["waiting"] < 2:
            await asyncio.sleep(0)
        for refused in ("second", "fourth"):
            with pytest.raises(TooManyRequests):
                await lane.lend_on_loop(refused)
    for task in tasks:
        with await task:
            pass


@on_loop
async def test_who_follows_gets_what_the_leader_got() -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    following = asyncio.create_task(flights.follow_on_loop("q"))
    while not flights.followers:
        await asyncio.sleep(0)
    await asyncio.to_thread(flights.land, "q", flight, QueryDeadline("too slow"))
    with pytest.raises(QueryDeadline):
        await following
    assert await flights.follow_on_loop("q") is None


@on_loop
async def test_who_follows_may_leave() -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    with pytest.raises(QueryCancelled):
        await flights.follow_on_loop("q", lambda: True)
    flights.land("q", flight, ANSWER)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT 3",
        "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT 3000",
        "SELECT * { ?a ?p ?b } # " + "long " * 4000,
        "CONSTRUCT WHERE { ?s ?p 7 }",
        "SELECT * { ?s ?p }",
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
        "SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }",
    ],
)
@on_loop
async def test_the_loop_answers_as_a_thread_does(pool: QueryPool, query: str) -> None:
    request = Request(
        "GET", "http://t/sparql", b"query=" + quote(query).encode(), accept_encoding="gzip"
    )
    threaded = await asyncio.to_thread(Endpoint(pool).handle, request)
    looped = await Endpoint(pool).respond(request, OnLoop(asyncio.to_thread))
    assert (looped.status, looped.headers) == (threaded.status, threaded.headers)
    assert looped.length == threaded.length
    with looped.body, threaded.body:
        assert looped.body.read()[10:] == threaded.body.read()[10:], "after the time in gzip"


@on_loop
async def test_a_query_that_is_cut_off_costs_its_worker_and_no_more(store_path: Path) -> None:
    limits = QueryLimits(seconds=SECONDS, workers=1, per_client=1)
    with await asyncio.to_thread(QueryPool, store_path, limits) as pool:
        before = set(pool.pids())
        query = Query(ENDLESS, form="SELECT")
        endless = asyncio.create_task(pool.query_on_loop(query, asyncio.to_thread))
        while not pool.visitors.counts()["busy"]:
            await asyncio.sleep(0)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        found = await pool.query_on_loop(Query("ASK {}", form="ASK"), asyncio.to_thread)
        assert b"true" in found.read()
        assert len(before - set(pool.pids())) == 1


class _Written(asyncio.Transport):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.calls.append(bytes(data))

    def close(self) -> None:
        self.closed = True


@on_loop
async def test_what_is_written_in_one_turn_leaves_in_one_call() -> None:
    sent = _Written()
    gathered = Gathered(sent, asyncio.get_running_loop())
    gathered.write(b"head ")
    gathered.write(b"body")
    assert sent.calls == []
    await asyncio.sleep(0)
    assert sent.calls == [b"head body"]
    gathered.write(b"last")
    gathered.close()
    assert sent.calls == [b"head body", b"last"]
    assert sent.closed


@on_loop
async def test_what_is_large_waits_for_nothing() -> None:
    sent = _Written()
    large = b"x" * Gathered.LARGE
    Gathered(sent, asyncio.get_running_loop()).write(large)
    assert sent.calls == [large]
