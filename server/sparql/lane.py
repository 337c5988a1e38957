"""A few worker processes, lent to one query at a time, in turn and with fair shares."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from server.sparql.bell import Bell
from server.sparql.errors import TooManyRequests

W = TypeVar("W")
Replace = Callable[["Lane[W]", W], None]


@dataclass(frozen=True)
class LaneSize:
    """How many processes, how many of them for one client, and how many may wait.

    ``waiting`` hold a thread each; ``on_loop`` hold none, at most ``each`` of one client.
    """

    workers: int
    per_client: int
    waiting: int
    waiting_seconds: float
    on_loop: int = 0
    each: int = 0


class _Ticket(Generic[W]):
    """A place in the queue; ``handed`` is called once a worker stands in ``worker``.

    Each wakes its own: one condition for all would wake every thread at every change, and on a
    busy service they would cost more than the queries.
    """

    def __init__(self, client: str, handed: Callable[[], None], *, on_loop: bool) -> None:
        self.client, self.handed, self.on_loop = client, handed, on_loop
        self.worker: W | None = None
        self.began = time.monotonic()


class Loan(Generic[W]):
    """A worker that is lent for a block; an exception inside spoils it."""

    __slots__ = ("_client", "_lane", "_worker")

    def __init__(self, lane: Lane[W], worker: W, client: str) -> None:
        self._lane, self._worker, self._client = lane, worker, client

    def __enter__(self) -> W:
        return self._worker

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._lane.give_back(self._worker, self._client, healthy=kind is None)


class Lane(Generic[W]):
    """Lend workers; whoever lends one gives it back, and one that is spoilt is replaced.

    A client takes at most ``per_client`` workers. Those who wait are served in order, save that
    a client at its share is passed over.
    """

    def __init__(self, size: LaneSize, worn: Callable[[W], bool], replace: Replace[W]) -> None:
        self.size, self._worn, self._replace = size, worn, replace
        self._lock = threading.Lock()
        self._lent, self._waited = 0, 0.0
        self._idle: list[W] = []
        self._busy: set[W] = set()
        self._running: dict[str, int] = {}
        self._queue: deque[_Ticket[W]] = deque()

    def put(self, worker: W) -> None:
        """Add a worker that is ready."""
        with self._lock:
            self._idle.append(worker)
            self._hand_out()

    def lacks(self) -> bool:
        """Whether there are fewer workers than there should be."""
        with self._lock:
            return len(self._idle) + len(self._busy) < self.size.workers

    def workers(self) -> list[W]:
        """All workers, idle and busy."""
        with self._lock:
            return [*self._idle, *self._busy]

    def take_all(self) -> list[W]:
        """Take away all workers, for good."""
        with self._lock:
            taken, self._idle, self._busy = [*self._idle, *self._busy], [], set()
            return taken

    def exchange(self, fresh: list[W]) -> list[W]:
        """Put ``fresh`` in the place of all idle workers, in one step; gives the old ones."""
        with self._lock:
            idle, self._idle = self._idle, fresh
            self._hand_out()
            return idle

    def counts(self) -> dict[str, float]:
        """Workers idle and busy, queries waiting; workers lent so far, and seconds waited."""
        with self._lock:
            return {
                "idle": len(self._idle),
                "busy": len(self._busy),
                "waiting": len(self._queue),
                "lent": self._lent,
                "waited": self._waited,
            }

    def lend(self, client: str) -> Loan[W]:
        """A worker for one query, as a context; waits for one where none is free."""
        worker = self._at_once(client)
        if worker is None:
            handed = threading.Lock()
            handed.acquire()
            ticket = self._queued(client, handed.release, on_loop=False)
            handed.acquire(timeout=self.size.waiting_seconds)
            worker = self._taken(ticket)
        return Loan(self, worker, client)

    async def lend_on_loop(self, client: str) -> Loan[W]:
        """The same for a task on an event loop."""
        worker = self._at_once(client)
        if worker is None:
            handed = Bell()
            ticket = self._queued(client, handed.ring, on_loop=self.size.on_loop > 0)
            try:
                await handed.wait(self.size.waiting_seconds)
            except asyncio.CancelledError:
                self._leave(ticket)
                raise
            worker = self._taken(ticket)
        return Loan(self, worker, client)

    def _at_once(self, client: str) -> W | None:
        """An idle worker; whoever waits is at his share, else it would not be idle."""
        with self._lock:
            if not self._free_for(client):
                return None
            self._lent += 1
            return self._lent_to(client)

    def _lent_to(self, client: str) -> W:
        worker = self._idle.pop()
        self._busy.add(worker)
        self._running[client] = self._running.get(client, 0) + 1
        return worker

    def _queued(self, client: str, handed: Callable[[], None], *, on_loop: bool) -> _Ticket[W]:
        """A place in the queue, which may be handed a worker at once."""
        ticket = _Ticket[W](client, handed, on_loop=on_loop)
        with self._lock:
            if not self._free_for(client) and not self._room(ticket):
                raise self._full("The queue for queries is full.")
            self._queue.append(ticket)
            self._hand_out()
        return ticket

    def _room(self, ticket: _Ticket[W]) -> bool:
        """Whether one more may wait in this way."""
        same = sum(one.on_loop == ticket.on_loop for one in self._queue)
        if not ticket.on_loop:
            return same < self.size.waiting
        own = sum(one.client == ticket.client for one in self._queue)
        return same < self.size.on_loop and own < self.size.each

    def _leave(self, ticket: _Ticket[W]) -> None:
        """Wait no more; a worker that was handed over meanwhile goes back unused."""
        with self._lock:
            worker = ticket.worker
            if worker is None:
                self._queue.remove(ticket)
        if worker is not None:
            self.give_back(worker, ticket.client, healthy=True)

    def _taken(self, ticket: _Ticket[W]) -> W:
        with self._lock:
            # It may have been handed over in the moment after the time was up.
            self._waited += time.monotonic() - ticket.began
            if ticket.worker is None:
                self._queue.remove(ticket)
                raise self._full("No process became free for the query.")
            self._lent += 1
            return ticket.worker

    def _hand_out(self) -> None:
        """Give idle workers to those who wait, in order; the caller holds the lock."""
        while self._idle and (ticket := self._next()) is not None:
            self._queue.remove(ticket)
            ticket.worker = self._lent_to(ticket.client)
            ticket.handed()

    def _free_for(self, client: str) -> bool:
        return bool(self._idle) and self._running.get(client, 0) < self.size.per_client

    def _next(self) -> _Ticket[W] | None:
        share = self.size.per_client
        return next((one for one in self._queue if self._running.get(one.client, 0) < share), None)

    def _full(self, what: str) -> TooManyRequests:
        return TooManyRequests(
            what,
            why="Others are being answered.",
            cure="Try again in a moment.",
            limit=("queries waiting", self.size.waiting),
            retry_after=2,
        )

    def give_back(self, worker: W, client: str, *, healthy: bool) -> None:
        """The query has ended; a worker that is not healthy, or worn, is replaced."""
        with self._lock:
            ours = worker in self._busy
            self._busy.discard(worker)
            keep = healthy and ours and not self._worn(worker)
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            if keep:
                self._idle.append(worker)
            self._hand_out()
        if not keep:
            self._replace(self, worker)
