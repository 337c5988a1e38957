"""What people ask most, and what it costs to answer: what is worth to be made ahead."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Popular(Generic[K]):
    """Counts what is asked, and keeps what it cost; bounded, and any thread may tell it."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._times: Counter[K] = Counter()
        self._costs: dict[K, float] = {}
        self._lock = threading.Lock()

    def asked(self, thing: K) -> None:
        """Somebody asked for it."""
        with self._lock:
            if len(self._times) >= self._most and thing not in self._times:
                self._fade()
            self._times[thing] += 1

    def cost(self, thing: K, seconds: float) -> None:
        """It took so long to make."""
        with self._lock:
            if thing in self._times:
                self._costs[thing] = seconds

    def worth(self) -> list[K]:
        """Things by the time that keeping them saves, most first."""
        with self._lock:
            saved = {thing: self._times[thing] * cost for thing, cost in self._costs.items()}
        return sorted(saved, key=lambda thing: saved[thing], reverse=True)

    def fade(self) -> None:
        """Half of the past counts no more; what was asked once is forgotten."""
        with self._lock:
            self._fade()

    def _fade(self) -> None:
        self._times = Counter({thing: n // 2 for thing, n in self._times.items() if n > 1})
        self._costs = {thing: cost for thing, cost in self._costs.items() if thing in self._times}
