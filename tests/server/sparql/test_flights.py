"""Who asks the same at the same time shares one run, and never another's misfortune."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from server.sparql.cache import CachedAnswer
from server.sparql.errors import QueryCancelled, QueryDeadline, QueryFailure, TooManyRequests
from server.sparql.flights import Flights
from server.sparql.formats import RESULTS
from server.sparql.http import Request
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from server.sparql.query import Query, QueryResult

ANSWER = CachedAnswer("boolean", RESULTS[0], b"{}", 1)


def waiting(flights: Flights, follow: Callable[[], object]) -> Future[object]:
    """Somebody who follows, once he does."""
    before = flights._followers
    found = ThreadPoolExecutor(1).submit(follow)
    until = time.monotonic() + 5
    while flights._followers == before and not found.done():
        assert time.monotonic() < until
    return found


def test_followers_get_what_the_leader_got() -> None:
    flights = Flights(2)
    flight = flights.lead("q")
    assert flight is not None
    assert flights.lead("q") is None
    others = [waiting(flights, lambda: flights.follow("q")) for _ in range(2)]
    flights.land("q", flight, ANSWER)
    assert [other.result(5) for other in others] == [ANSWER, ANSWER]
    assert flights.lead("q") is not None, "once it has landed, another begins"


def test_the_querys_own_fault_is_everyones() -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(flights, lambda: flights.follow("q"))
    flights.land("q", flight, QueryDeadline("too slow"))
    with pytest.raises(QueryDeadline):
        other.result(5)


@pytest.mark.parametrize("failure", [QueryCancelled("gone"), TooManyRequests("spent"), None])
def test_the_leaders_misfortune_is_his_own(failure: QueryFailure | None) -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(flights, lambda: flights.follow("q"))
    flights.land("q", flight, failure)
    assert other.result(5) is None


def test_followers_are_bounded() -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(flights, lambda: flights.follow("q"))
    with pytest.raises(TooManyRequests):
        flights.follow("q")
    flights.land("q", flight, ANSWER)
    other.result(5)


def test_a_follower_may_leave() -> None:
    flights = Flights(1)
    flights.lead("q")
    with pytest.raises(QueryCancelled):
        flights.follow("q", lambda: True)


def test_the_engine_runs_a_query_once_for_all(
    pool: QueryPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, asked = Endpoint(pool), threading.Semaphore(0)
    runs: list[str] = []
    let = threading.Event()
    run = pool.query

    def slow(query: Query, **more: object) -> QueryResult:
        runs.append(query.text)
        asked.release()
        assert let.wait(10)
        return run(query)

    monkeypatch.setattr(pool, "query", slow)
    request = Request("GET", "http://t/sparql", b"query=ASK%20%7B%20%3Fflight%20%3Fp%20%3Fo%20%7D")
    with ThreadPoolExecutor(4) as clients:
        answers = [clients.submit(lambda: endpoint.handle(request).read()) for _ in range(4)]
        asked.acquire()
        until = time.monotonic() + 5
        while endpoint._flights._followers < 3:
            assert time.monotonic() < until
        let.set()
        assert len({answer.result(10) for answer in answers}) == 1
    assert len(runs) == 1
