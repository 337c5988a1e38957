"""Answers kept in memory, bounded in bytes; the least recently used goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from server.sparql.formats import Format


@dataclass(frozen=True)
class CachedAnswer:
    """A complete answer and its format."""

    kind: str
    format: Format
    body: bytes
    rows: int


class AnswerCache:
    """Keys hold the generation, so an answer never outlives the data it came from."""

    OVERHEAD = 512

    def __init__(self, most_bytes: int, largest: int = 1 << 20) -> None:
        self._most, self.largest = most_bytes, largest
        self._held: OrderedDict[Hashable, CachedAnswer] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = self.hits = self.misses = 0

    def get(self, key: Hashable) -> CachedAnswer | None:
        """The answer kept under a key."""
        with self._lock:
            found = self._held.get(key)
            self.hits, self.misses = self.hits + (found is not None), self.misses + (found is None)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: CachedAnswer) -> None:
        """Keep an answer, unless it is larger than one may be."""
        if len(answer.body) > min(self.largest, self._most):
            return
        with self._lock:
            self._drop(key)
            self._held[key] = answer
            self.bytes += len(answer.body) + self.OVERHEAD
            while self.bytes > self._most:
                self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        old = self._held.pop(key, None)
        if old is not None:
            self.bytes -= len(old.body) + self.OVERHEAD
