"""What becomes of a worker, as its client is told; and queries that ended one, remembered."""

from __future__ import annotations

import threading
import time

from server.sparql.errors import QueryCancelled, QueryCrash
from server.sparql.process import Abandoned, DeadlinePassed, Gone
from server.sparql.query import crash, deadline


class CrashMemory:
    """Queries that ended a worker, by key, and until when they are refused."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def add(self, key: str) -> None:
        """Refuse this one for a while."""
        with self._lock:
            now = time.monotonic()
            self._until = {one: until for one, until in self._until.items() if until > now}
            self._until[key] = now + self._seconds

    def check(self, key: str) -> None:
        """Refuse with QueryCrash what ended a worker a short while ago."""
        if not self._until:
            return
        with self._lock:
            left = self._until.get(key, 0.0) - time.monotonic()
        if left > 0:
            raise QueryCrash(
                "The query is too complex.",
                why="It took more memory or stack than it may a short while ago.",
                cure="Change it; as it stands it is not run again for now.",
                limit=("seconds until it is run again", int(left) + 1),
            )


class Watched:
    """A run in a worker, as a context: its end is raised as a QueryFailure.

    ``key`` is the query's in the memory; our own queries have none and are not remembered.
    """

    __slots__ = ("_crashed", "_key", "_memory", "_seconds")

    def __init__(
        self, crashed: CrashMemory, key: str | None, *, seconds: float, memory: int
    ) -> None:
        if key is not None:
            crashed.check(key)
        self._crashed, self._key, self._seconds, self._memory = crashed, key, seconds, memory

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
        if self._key is not None:
            self._crashed.add(self._key)
