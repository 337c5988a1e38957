"""Answers kept in memory, bounded in bytes; the least recently used goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from server.sparql.formats import Format


class Held(Protocol):
    """What is kept: it has bytes, which are what it weighs."""

    @property
    def body(self) -> bytes:
        """The bytes."""
        ...


A = TypeVar("A", bound=Held)


@dataclass(frozen=True)
class CachedAnswer:
    """A complete answer and its format."""

    kind: str
    format: Format
    body: bytes
    rows: int


class AnswerCache(Generic[A]):
    """Keys hold the generation, so an answer never outlives the data it came from."""

    OVERHEAD = 512

    def __init__(self, most_bytes: int, largest: int = 1 << 20) -> None:
        self._most, self.largest = most_bytes, largest
        self._held: OrderedDict[Hashable, A] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = self.hits = self.misses = 0

    @property
    def keeps(self) -> bool:
        """Whether it may keep anything."""
        return self._most > 0

    def get(self, key: Hashable) -> A | None:
        """The answer kept under a key."""
        with self._lock:
            found = self._held.get(key)
            self.hits, self.misses = self.hits + (found is not None), self.misses + (found is None)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: A) -> None:
        """Keep an answer, unless it is larger than one may be."""
        if len(answer.body) > min(self.largest, self._most):
            return
        with self._lock:
            self._drop(key)
            self._held[key] = answer
            self.bytes += len(answer.body) + self.OVERHEAD
            while self.bytes > self._most:
                self._drop(next(iter(self._held)))

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Let go of all whose keys are not wanted any more."""
        with self._lock:
            for key in [key for key in self._held if not wanted(key)]:
                self._drop(key)

    def _drop(self, key: Hashable) -> None:
        old = self._held.pop(key, None)
        if old is not None:
            self.bytes -= len(old.body) + self.OVERHEAD
