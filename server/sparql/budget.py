"""How much query time, and how many mistakes, each client has in a minute."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from server.sparql.errors import TooManyRequests

SECONDS = 60.0
CLIENTS = 10_000
"""Clients that are remembered; beyond that, those whose minute is over are forgotten first."""


@dataclass
class _Minute:
    """What one client used since ``began``."""

    began: float
    milliseconds: float = 0.0
    errors: int = 0


class QueryBudget:
    """Milliseconds of query time and failed queries per client and minute.

    A query is never cut short by the budget: one that overdraws it is answered, and the next
    has to wait. A minute begins with a client's first query in it.
    """

    def __init__(self, milliseconds_per_minute: int, errors_per_minute: int = 60) -> None:
        self._milliseconds, self._errors = milliseconds_per_minute, errors_per_minute
        self._minutes: dict[str, _Minute] = {}
        self._lock = threading.Lock()

    def check(self, client: str) -> None:
        """Refuse with TooManyRequests, and when to try again, once the budget is spent."""
        with self._lock:
            minute = self._minute(client)
        if minute.milliseconds >= self._milliseconds:
            seconds = self._milliseconds // 1000
            raise _refusal(
                minute,
                f"The {seconds} seconds of query time a minute are spent.",
                ("query seconds per minute", seconds),
            )

    def check_errors(self, client: str) -> None:
        """Refuse a client whose queries failed too often, before another is looked at."""
        with self._lock:
            minute = self._minute(client)
        if minute.errors >= self._errors:
            raise _refusal(
                minute,
                f"{self._errors} queries failed within a minute.",
                ("failed queries per minute", self._errors),
            )

    def spend(self, client: str, milliseconds: float) -> None:
        """Take what a query took."""
        with self._lock:
            self._minute(client).milliseconds += max(1.0, milliseconds)

    def fail(self, client: str) -> None:
        """Count a query that failed by its own fault."""
        with self._lock:
            self._minute(client).errors += 1

    def _minute(self, client: str) -> _Minute:
        """The client's minute, a new one where there is none or it is over."""
        now = time.monotonic()
        minute = self._minutes.get(client)
        if minute is None or now - minute.began >= SECONDS:
            if len(self._minutes) >= CLIENTS:
                self._forget(now)
            minute = self._minutes[client] = _Minute(now)
        return minute

    def _forget(self, now: float) -> None:
        kept = {name: one for name, one in self._minutes.items() if now - one.began < SECONDS}
        while len(kept) >= CLIENTS:
            del kept[next(iter(kept))]
        self._minutes = kept


def _refusal(minute: _Minute, what: str, limit: tuple[str, int]) -> TooManyRequests:
    left = minute.began + SECONDS - time.monotonic()
    return TooManyRequests(
        what,
        cure="Wait as long as Retry-After says, or ask for less at a time.",
        limit=limit,
        retry_after=max(1, math.ceil(left)),
    )
