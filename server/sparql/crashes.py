"""What becomes of a worker, as its client is told; and queries that ended one, remembered."""

from __future__ import annotations

import threading
import time

from server.sparql.errors import QueryCancelled, QueryCrash
from server.sparql.process import Abandoned, DeadlinePassed, Gone
from server.sparql.query import Query, crash, deadline


class CrashMemory:
    """Queries that ended a worker, and until when they are refused."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def add(self, query: Query) -> None:
        """Refuse this one for a while."""
        with self._lock:
            now = time.monotonic()
            self._until = {one: until for one, until in self._until.items() if until > now}
            self._until[query.key] = now + self._seconds

    def check(self, query: Query) -> None:
        """Refuse with QueryCrash what ended a worker a short while ago."""
        if not self._until:
            return
        with self._lock:
            left = self._until.get(query.key, 0.0) - time.monotonic()
        if left > 0:
            raise QueryCrash(
                "The query is too complex.",
                why="It took more memory or stack than it may a short while ago.",
                cure="Change it; as it stands it is not run again for now.",
                limit=("seconds until it is run again", int(left) + 1),
            )


class Watched:
    """A run in a worker, as a context: its end is raised as a QueryFailure.

    Our own queries are not remembered: they are asked as None.
    """

    __slots__ = ("_asked", "_crashed", "_memory", "_seconds")

    def __init__(
        self, crashed: CrashMemory, asked: Query | None, *, seconds: float, memory: int
    ) -> None:
        if asked is not None:
            crashed.check(asked)
        self._crashed, self._asked, self._seconds, self._memory = crashed, asked, seconds, memory

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        match error:
            case DeadlinePassed():
                raise deadline(self._seconds) from None
            case Abandoned():
                raise QueryCancelled("The client went away.") from None
            case Gone():
                self._remember()
                raise crash(str(error), self._memory) from None
            case QueryCrash():
                self._remember()

    def _remember(self) -> None:
        if self._asked is not None:
            self._crashed.add(self._asked)
