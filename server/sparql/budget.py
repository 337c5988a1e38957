"""How much query time each client may use in a minute."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from server.sparql.errors import TooManyRequests


class QueryBudget:
    """Milliseconds of query time per client and minute, counted after each query.

    A query is never cut short by the budget: one that overdraws it is answered, and the next
    has to wait.
    """

    def __init__(self, milliseconds_per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(milliseconds_per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, client: str) -> None:
        """Refuse with TooManyRequests, and when to try again, once the budget is spent."""
        window = self._limiter.get_window_stats(self._item, client)
        wait = window.reset_time - time.time()
        if wait > self._item.get_expiry():
            # The clock was set back: the window would last until it has caught up.
            self._limiter.clear(self._item, client)
            return
        if window.remaining > 0:
            return
        seconds = self._item.amount // 1000
        raise TooManyRequests(
            f"The {seconds} seconds of query time a minute are spent.",
            cure="Wait as long as Retry-After says, or ask for less at a time.",
            limit=("query seconds per minute", seconds),
            retry_after=max(1, math.ceil(wait)),
        )

    def spend(self, client: str, milliseconds: float) -> None:
        """Take what a query took."""
        self._limiter.hit(self._item, client, cost=max(1, round(milliseconds)))
