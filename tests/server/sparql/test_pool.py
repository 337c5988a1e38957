"""The pool: complete answers or named failures, and workers that come back."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from server.sparql import errors, formats
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.query import Query
from tests.server.sparql.conftest import EX, ROWS, numbered, write_store

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SECONDS = 60.0
"""Long enough on any machine for what is to happen; no test waits for it to pass."""
LIMITS = QueryLimits(
    seconds=SECONDS, workers=2, per_client=1, own_workers=1, waiting=4, waiting_seconds=SECONDS
)


@pytest.fixture
def small(store_path: Path) -> Iterator[QueryPool]:
    """A pool of its own, for tests that break workers."""
    with QueryPool(store_path, LIMITS) as opened:
        yield opened


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.01)


@contextmanager
def hogged(pool: QueryPool, queries: int = 1) -> Iterator[None]:
    """In the block one client's queries without end run, or wait for a worker."""
    gone = threading.Event()

    def in_hand() -> float:
        counts = pool.visitors.counts()
        return counts["busy"] + counts["waiting"]

    with ThreadPoolExecutor(queries) as threads:
        hogs = [threads.submit(pool.query, RUNAWAY, gone=gone.is_set) for _ in range(queries)]
        try:
            wait_for(lambda: in_hand() == queries)
            yield
        finally:
            gone.set()
    assert all(isinstance(hog.exception(), errors.QueryCancelled) for hog in hogs)


def full(pool: QueryPool) -> bool:
    lanes = (pool.visitors, pool.own)
    return all(lane.counts()["idle"] == lane.size.workers for lane in lanes)


def test_select_gives_rows_of_terms(pool: QueryPool) -> None:
    rows = pool.select(f"SELECT ?o ?none {{ <{EX}s7> <{EX}p> ?o OPTIONAL {{ ?o ?p ?none }} }}")
    assert rows == [{"o": Literal(7)}]


def test_ask_and_construct(pool: QueryPool) -> None:
    assert pool.ask(f"ASK {{ <{EX}s1> ?p ?o }}")
    assert not pool.ask(f"ASK {{ <{EX}none> ?p ?o }}")
    triples = pool.construct(f"DESCRIBE <{EX}s1>")
    assert [triple.predicate for triple in triples] == [NamedNode(EX + "p")]


def test_default_graph_is_the_union_unless_the_query_names_one(pool: QueryPool) -> None:
    def count(text: str, **dataset: object) -> int:
        query = Query(text, accept="text/csv", **dataset)  # type: ignore[arg-type]
        return int(pool.query(query).read().split()[1])

    one = (EX + "g1",)
    assert count(COUNT) == ROWS
    own = COUNT.replace("{", f"FROM <{EX}g0> {{", 1)
    assert count(own, union=False) == ROWS // 3
    assert count(COUNT, default_graphs=one) == ROWS // 3
    assert count(COUNT, named_graphs=one) == 0
    in_graphs = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(in_graphs, named_graphs=one) == ROWS // 3
    assert count(in_graphs, default_graphs=one) == 0


def test_syntax_error_tells_line_and_column(pool: QueryPool) -> None:
    with pytest.raises(errors.QuerySyntaxError) as failure:
        pool.query("SELECT * {\n  ?s nope:p ?o }")
    assert (failure.value.line, failure.value.column) == (2, 12)
    assert "prefix is not declared" in failure.value.why


def test_update_is_refused_by_the_engine_too(pool: QueryPool) -> None:
    with pytest.raises(errors.QuerySyntaxError):
        pool.query("INSERT DATA { <a:a> <a:b> <a:c> }")
    assert pool.ask("ASK {}")


def test_deadline_stops_a_query_and_its_worker_is_replaced(small: QueryPool) -> None:
    before = set(small.pids())
    with pytest.raises(errors.QueryDeadline) as failure:
        small.query(Query(RUNAWAY, seconds=0.3))
    assert failure.value.limit == ("seconds", 0.3)
    wait_for(lambda: full(small))
    assert len(set(small.pids()) - before) == 1
    assert small.query(COUNT).rows == 1


def test_client_may_only_shorten_the_deadline(store_path: Path) -> None:
    limits = replace(LIMITS, seconds=0.3)
    with QueryPool(store_path, limits) as pool, pytest.raises(errors.QueryDeadline) as failure:
        pool.query(Query(RUNAWAY, seconds=SECONDS))
    assert failure.value.limit == ("seconds", 0.3)


def test_rows_and_bytes_are_limited_and_never_cut(store_path: Path) -> None:
    limits = replace(LIMITS, rows=ROWS - 1, bytes=40_000)
    with QueryPool(store_path, limits) as pool:
        for name in ("json", "xml", "csv", "tsv"):
            with pytest.raises(errors.ResultTooLarge) as rows:
                pool.query(Query("SELECT ?o { ?s ?p ?o }", format=name, form="SELECT"))
            assert rows.value.limit == ("result rows", ROWS - 1)
        with pytest.raises(errors.ResultTooLarge) as size:
            pool.query(Query("SELECT * { ?s ?p ?o }", format="json", form="SELECT"))
        with pytest.raises(errors.ResultTooLarge) as triples:
            pool.query(Query("CONSTRUCT { ?s <a:b> 1 } { ?s ?p ?o }", form="CONSTRUCT"))
        assert pool.query("SELECT ?s { ?s ?p ?o } LIMIT 20").rows == 20
    assert size.value.limit == ("result bytes", 40_000)
    assert triples.value.limit == ("result rows", ROWS - 1)


def test_a_graph_that_is_read_by_its_name_comes_whole(store_path: Path) -> None:
    limits = replace(LIMITS, rows=10, bytes=100)
    triples = formats.for_graph("application/n-triples")
    with QueryPool(store_path, limits) as pool:
        found = pool.graph(f"{EX}g1", triples)
        assert found.rows == found.read().count(b"\n") == ROWS // 3
    with (
        QueryPool(store_path, replace(limits, graph_bytes=5_000)) as pool,
        pytest.raises(errors.ResultTooLarge) as size,
    ):
        pool.graph(f"{EX}g1", triples)
    assert size.value.limit == ("result bytes", 5_000)


def test_exactly_the_limit_is_allowed(store_path: Path) -> None:
    with QueryPool(store_path, replace(LIMITS, rows=ROWS)) as pool:
        for name in ("json", "xml", "csv", "tsv"):
            query = Query("SELECT * { ?s ?p ?o }", format=name, form="SELECT")
            assert pool.query(query).rows == ROWS
        query = Query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", form="CONSTRUCT")
        assert pool.query(query).rows == ROWS


def test_crash_is_named_remembered_and_mended(small: QueryPool) -> None:
    bomb = "SELECT (STRLEN(?e) AS ?n) { BIND(REPLACE('aaaaaaaaaa', 'a', 'aaaaaaaaaa') AS ?a)"
    for old, new in ("ab", "bc", "cd", "de"):
        bomb += f" BIND(REPLACE(?{old}, 'a', CONCAT(?a, ?a, ?a, ?a)) AS ?{new})"
    with pytest.raises(errors.QueryCrash) as first:
        small.query(bomb + " }")
    assert first.value.limit == ("memory bytes", LIMITS.memory)
    wait_for(lambda: full(small))
    pids = small.pids()
    with pytest.raises(errors.QueryCrash, match="short while ago"):
        small.query(bomb + " }")
    assert small.pids() == pids
    assert small.query(COUNT).rows == 1


def test_killed_workers_are_replaced(store_path: Path) -> None:
    """Of one worker in each lane: with more, the first may be replaced before the next is asked."""
    with QueryPool(store_path, replace(LIMITS, workers=1)) as pool:
        for pid in pool.pids():
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(errors.QueryCrash):
            pool.query(COUNT)
        with pytest.raises(errors.QueryCrash):
            pool.ask("ASK {}")
        wait_for(lambda: full(pool))
        assert pool.query("SELECT * { ?s ?p ?o } LIMIT 3").rows == 3
        assert pool.ask("ASK {}")


def test_one_client_leaves_a_worker_to_the_others(small: QueryPool) -> None:
    with hogged(small, 2):
        assert small.visitors.counts()["busy"] == 1
        assert small.query(COUNT, client="another").rows == 1


def test_full_queue_is_refused_with_retry_after(store_path: Path) -> None:
    limits = replace(LIMITS, workers=1, waiting=1)
    with QueryPool(store_path, limits) as pool, ThreadPoolExecutor(1) as threads:
        with hogged(pool):
            waiting = threads.submit(pool.query, COUNT)
            wait_for(lambda: pool.visitors.counts()["waiting"] == 1)
            with pytest.raises(errors.TooManyRequests) as refusal:
                pool.query(COUNT, client="third")
            assert refusal.value.retry_after
        assert waiting.result().rows == 1


def test_waiting_ends_with_a_refusal(store_path: Path) -> None:
    limits = replace(LIMITS, workers=1, waiting_seconds=0.1)
    with QueryPool(store_path, limits) as pool, hogged(pool):  # noqa: SIM117
        with pytest.raises(errors.TooManyRequests):
            pool.query(COUNT, client="other")


def test_client_that_goes_away_ends_its_query(small: QueryPool) -> None:
    before = set(small.pids())
    with hogged(small):
        assert small.visitors.counts()["busy"] == 1
    wait_for(lambda: full(small))
    assert len(set(small.pids()) - before) == 1


def test_switch_answers_from_the_new_store_and_loses_nothing(
    small: QueryPool, tmp_path: Path
) -> None:
    other = write_store(tmp_path / "other", numbered(9, "h"))
    stop, failed = threading.Event(), list[Exception]()

    def keep_asking() -> None:
        while not stop.is_set():
            try:
                assert small.select(COUNT)[0]["n"] in (Literal(ROWS), Literal(9))
            except Exception as error:
                failed.append(error)

    asker = threading.Thread(target=keep_asking)
    asker.start()
    small.switch(other, "two")
    assert small.generation == "two"
    assert small.select(COUNT) == [{"n": Literal(9)}]
    assert small.query(COUNT).generation == "two"
    stop.set()
    asker.join()
    assert not failed
    wait_for(lambda: full(small))
    assert len(small.pids()) == LIMITS.workers + LIMITS.own_workers


def test_query_in_flight_ends_on_the_old_store(small: QueryPool, tmp_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
    other = write_store(tmp_path / "other", numbered(1))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(small.query, slow)
        wait_for(lambda: small.visitors.counts()["busy"] == 1 or running.done())
        small.switch(other, "two")
        found = running.result()
    assert found.rows == 1
    assert found.generation != "two"
    assert b'"0"' not in found.read()
    wait_for(lambda: full(small))
    assert {worker.generation for worker in small.visitors.workers()} == {"two"}


def test_a_store_that_cannot_be_opened_leaves_the_old_one(small: QueryPool, tmp_path: Path) -> None:
    with pytest.raises(errors.PoolUnavailable, match="cannot be started"):
        small.switch(tmp_path / "absent")
    assert small.query(COUNT).rows == 1


def test_pool_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(errors.PoolUnavailable, match="cannot be started"):
        QueryPool(tmp_path / "absent", LIMITS)


def test_worker_is_recycled(store_path: Path) -> None:
    with QueryPool(store_path, replace(LIMITS, workers=1, recycle_queries=3)) as pool:
        first = pool.visitors.workers()[0].pid
        for number in range(4):
            assert pool.query(f"{COUNT} # {number}").rows == 1
        wait_for(lambda: full(pool))
        assert pool.visitors.workers()[0].pid != first


def test_close_leaves_no_process(store_path: Path) -> None:
    pool = QueryPool(store_path, LIMITS)
    pids = pool.pids()
    pool.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    with pytest.raises(errors.PoolUnavailable):
        pool.query(COUNT)
