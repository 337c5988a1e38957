"""Who asks the same at the same time shares one run, and never another's misfortune."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor

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


SECONDS = 60.0
"""Long enough on any machine for what is to happen."""


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.001)


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def waiting(threads: Executor, flights: Flights) -> Future[CachedAnswer | None]:
    """Somebody who follows "q", once he does."""
    before = flights.followers
    found = threads.submit(flights.follow, "q")
    wait_for(lambda: flights.followers > before)
    return found


def test_followers_get_what_the_leader_got(threads: Executor) -> None:
    flights = Flights(2)
    flight = flights.lead("q")
    assert flight is not None
    assert flights.lead("q") is None
    others = [waiting(threads, flights) for _ in range(2)]
    flights.land("q", flight, ANSWER)
    assert [other.result(SECONDS) for other in others] == [ANSWER, ANSWER]
    assert flights.lead("q") is not None, "once it has landed, another begins"


def test_the_querys_own_fault_is_everyones(threads: Executor) -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(threads, flights)
    flights.land("q", flight, QueryDeadline("too slow"))
    with pytest.raises(QueryDeadline):
        other.result(SECONDS)


@pytest.mark.parametrize("failure", [QueryCancelled("gone"), TooManyRequests("spent"), None])
def test_the_leaders_misfortune_is_his_own(threads: Executor, failure: QueryFailure | None) -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(threads, flights)
    flights.land("q", flight, failure)
    assert other.result(SECONDS) is None


def test_followers_are_bounded(threads: Executor) -> None:
    flights = Flights(1)
    flight = flights.lead("q")
    assert flight is not None
    other = waiting(threads, flights)
    with pytest.raises(TooManyRequests):
        flights.follow("q")
    flights.land("q", flight, ANSWER)
    other.result(SECONDS)


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
        assert let.wait(SECONDS)
        return run(query)

    monkeypatch.setattr(pool, "query", slow)
    request = Request("GET", "http://t/sparql", b"query=ASK%20%7B%20%3Fflight%20%3Fp%20%3Fo%20%7D")
    with ThreadPoolExecutor(4) as clients:
        answers = [clients.submit(lambda: endpoint.handle(request).read()) for _ in range(4)]
        asked.acquire()
        wait_for(lambda: endpoint._answers.flights.followers == 3)
        let.set()
        assert len({answer.result(SECONDS) for answer in answers}) == 1
    assert len(runs) == 1
