"""Worker processes that answer queries over one generation, and their supervisor.

>>> with QueryPool(store) as pool:                                        # doctest: +SKIP
...     pool.select("SELECT ?s { ?s a ?type }")
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import pyoxigraph as ox

from server.sparql import formats
from server.sparql.crashes import CrashMemory, Watched
from server.sparql.errors import PoolUnavailable, QueryFailure
from server.sparql.formats import Format
from server.sparql.lane import Lane, LaneSize
from server.sparql.limits import QueryLimits
from server.sparql.process import WorkerProcess, settings_of
from server.sparql.query import Query, QueryResult, result

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class _Source:
    store: Path
    generation: str


class _Wanted(msgspec.Struct, frozen=True):
    """One request to a lane: who asks, what, in which formats, and with how much patience.

    ``rows`` and ``bytes`` bound the answer; None is no bound.
    """

    request: Mapping[str, Any]
    solutions: Format | None
    graph: Format | None
    seconds: float
    rows: int | None
    bytes: int
    client: str = ""
    gone: Callable[[], bool] | None = None

    def message(self) -> dict[str, Any]:
        """What the worker is told."""
        return {
            **self.request,
            "solutions": self.solutions and self.solutions[:2],
            "graph_format": self.graph and self.graph[:2],
            "rows": self.rows,
            "bytes": self.bytes,
        }


class QueryPool:
    """Answer queries in processes that can be killed; keep them alive; change generations.

    Visitors and our own pages have separate workers. Processes are started by one thread that
    lives as long as the pool, for the kernel kills a worker when the thread that started it ends.
    """

    def __init__(
        self,
        store: Path | str,
        limits: QueryLimits | None = None,
        *,
        generation: str = "",
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.limits = sizes = limits or QueryLimits()
        self._source = _Source(Path(store).resolve(), generation or str(store))
        self._prefixes = dict(prefixes or {})
        self._crashed = CrashMemory(sizes.crash_memory_seconds)
        self._closed = False
        self._ending: list[WorkerProcess] = []
        queue_length = sizes.waiting - sizes.following
        visitors = LaneSize(
            sizes.workers,
            sizes.per_client,
            queue_length,
            sizes.waiting_seconds,
            sizes.on_loop,
            sizes.each_on_loop,
        )
        own = LaneSize(sizes.own_workers, sizes.own_workers, 256, sizes.seconds)
        self.visitors: Lane[WorkerProcess] = Lane(visitors, self._worn, self._retire)
        self.own: Lane[WorkerProcess] = Lane(own, self._worn, self._retire)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._supervisor = threading.Thread(target=self._supervise, name="sparql", daemon=True)
        self._supervisor.start()
        try:
            self.switch(store, generation)
        except BaseException:
            self.close()
            raise

    # --- asking ----------------------------------------------------------------------------

    @property
    def generation(self) -> str:
        """Name of the generation that new queries are answered from."""
        return self._source.generation

    def query(
        self, query: Query | str, *, client: str = "", gone: Callable[[], bool] | None = None
    ) -> QueryResult:
        """A visitor's query, which has passed the gate; complete, or a QueryFailure.

        ``client`` is who shares one client's part of the workers; ``gone`` says when nobody
        waits for the answer any more.
        """
        asked = Query(query) if isinstance(query, str) else query
        return self._answer(self.visitors, self._wanted(asked, client, gone), asked)

    async def query_on_loop(
        self,
        query: Query,
        aside: Callable[[Callable[[], Any]], Awaitable[Any]],
        *,
        client: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> QueryResult:
        """The same for a task on an event loop; ``aside`` does in a thread what takes long."""
        wanted = self._wanted(query, client, gone)
        with self._watched(wanted, query):
            with await self.visitors.lend_on_loop(client) as worker:
                if not worker.ready:
                    await aside(worker.wait_ready)
                reply = await worker.ask_on_loop(wanted.message(), wanted.seconds, gone, aside)
            return result(reply, wanted.solutions, wanted.graph, worker.generation)

    def _wanted(self, asked: Query, client: str, gone: Callable[[], bool] | None) -> _Wanted:
        solutions, graph = formats.for_form(asked.form, asked.accept, asked.format)
        seconds = min(asked.seconds or self.limits.seconds, self.limits.seconds)
        most = (self.limits.rows, self.limits.bytes)
        return _Wanted(asked.request(), solutions, graph, seconds, *most, client, gone)

    def graph(self, name: str, chosen: Format, *, client: str = "") -> QueryResult:
        """All triples of one graph, however many; ``""`` is the default graph."""
        sizes = self.limits
        wanted = _Wanted(
            {"graph": name}, None, chosen, sizes.seconds, None, sizes.graph_bytes, client
        )
        return self._answer(self.visitors, wanted)

    def select(self, text: str) -> list[dict[str, Term]]:
        """Rows of one of our own SELECT queries; variables that are unbound are absent."""
        found = ox.parse_query_results(self._own_query(text), ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("select() is for SELECT queries")
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]

    def ask(self, text: str) -> bool:
        """The answer to one of our own ASK queries."""
        found = ox.parse_query_results(self._own_query(text), ox.QueryResultsFormat.JSON)
        return bool(found)

    def construct(self, text: str) -> list[ox.Triple]:
        """Triples of one of our own CONSTRUCT or DESCRIBE queries."""
        return [quad.triple for quad in ox.parse(self._own_query(text), ox.RdfFormat.N_TRIPLES)]

    def _own_query(self, text: str) -> bytes:
        sizes, both = self.limits, (formats.RESULTS[0], formats.GRAPHS[1])
        wanted = _Wanted(Query(text).request(), *both, sizes.seconds, sizes.rows, sizes.bytes)
        return self._answer(self.own, wanted).read()

    def _answer(
        self, lane: Lane[WorkerProcess], wanted: _Wanted, asked: Query | None = None
    ) -> QueryResult:
        with self._watched(wanted, asked):
            with lane.lend(wanted.client) as worker:
                worker.wait_ready()
                reply = worker.ask(wanted.message(), wanted.seconds, wanted.gone)
            return result(reply, wanted.solutions, wanted.graph, worker.generation)

    def _watched(self, wanted: _Wanted, asked: Query | None) -> Watched:
        if self._closed:
            raise PoolUnavailable("The service is stopping.", retry_after=5)
        return Watched(self._crashed, asked, seconds=wanted.seconds, memory=self.limits.memory)

    # --- keeping the workers ---------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """Counts of both lanes, the generation, and what the jail could not close."""
        return {
            "generation": self.generation,
            "visitors": self.visitors.counts(),
            "own": self.own.counts(),
        }

    def pids(self) -> list[int]:
        """Process ids of all workers."""
        return [worker.pid for lane in (self.visitors, self.own) for worker in lane.workers()]

    def switch(self, store: Path | str, generation: str = "") -> None:
        """Answer from another store from now on; queries in flight end on the old one.

        Raises PoolUnavailable, and keeps the old store, when the new one cannot be opened.
        """
        source = _Source(Path(store).resolve(), generation or str(store))
        outcome: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._work.put(lambda: self._switch(source, outcome))
        error = outcome.get()
        if error is not None:
            raise error

    def beforehand(
        self, store: Path | str, generation: str, queries: Iterable[Query]
    ) -> Generator[QueryResult]:
        """Answers from a store that is not served yet, by a process of their own, one after
        another; they end with the first query that does not end well."""
        worker = self._start(_Source(Path(store).resolve(), generation))
        try:
            worker.wait_ready()
            for query in queries:
                wanted = self._wanted(query, "", None)
                with self._watched(wanted, query):
                    reply = worker.ask(wanted.message(), wanted.seconds)
                    found = result(reply, wanted.solutions, wanted.graph, generation)
                yield found
        except QueryFailure:
            return
        finally:
            worker.kill()

    def _switch(self, source: _Source, outcome: queue.SimpleQueue[BaseException | None]) -> None:
        lanes, fresh = (self.visitors, self.own), list[WorkerProcess]()
        try:
            for lane in lanes:
                fresh += [self._start(source) for _ in range(lane.size.workers)]
            for worker in fresh:
                worker.wait_ready()
        except (PoolUnavailable, OSError) as error:
            for worker in fresh:
                worker.kill()
            outcome.put(error)
            return
        self._source = source
        for lane in lanes:
            for old in lane.exchange([fresh.pop() for _ in range(lane.size.workers)]):
                self._end(old)
        outcome.put(None)

    def _start(self, source: _Source) -> WorkerProcess:
        worker = WorkerProcess(settings_of(source.store, self.limits, self._prefixes))
        worker.generation = source.generation
        return worker

    def _worn(self, worker: WorkerProcess) -> bool:
        return (
            worker.generation != self._source.generation
            or worker.served >= self.limits.recycle_queries
            or worker.resident > self.limits.recycle_memory
        )

    def _retire(self, lane: Lane[WorkerProcess], worker: WorkerProcess) -> None:
        self._work.put(lambda: self._replace(lane, worker))

    def _replace(self, lane: Lane[WorkerProcess], worker: WorkerProcess) -> None:
        self._end(worker)
        while not self._closed and lane.lacks():
            try:
                lane.put(self._start(self._source))
            except OSError:
                time.sleep(RETRY_SECONDS)

    def _end(self, worker: WorkerProcess) -> None:
        """Have a worker ended; whoever waits for another does not wait for the kernel with it."""
        worker.end()
        self._ending = [each for each in (*self._ending, worker) if not each.ended()]

    def _supervise(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def close(self) -> None:
        """End all workers; queries in flight fail."""
        self._closed = True
        self._work.put(None)
        self._supervisor.join()
        held = [worker for lane in (self.visitors, self.own) for worker in lane.take_all()]
        for worker in held:
            worker.end()
        for worker in (*held, *self._ending):
            worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
