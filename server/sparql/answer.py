"""What an engine writes, counted and bounded as it passes. Standard library alone."""

from __future__ import annotations

import re
from typing import ClassVar

from server.sparql.wire import Wire

FLUSH = 256 << 10
"""Bytes that are held before they are sent on."""


class LimitReached(Exception):
    """The answer has more rows or bytes than it may have."""

    def __init__(self, limit: str, value: int) -> None:
        super().__init__(limit, value)
        self.limit, self.value = limit, value


class Rows:
    """Count the rows of a result in its serialised bytes, whatever pieces they come in.

    The engine serialises a whole result in one call, and this sees it pass. A pattern is what
    begins a row and cannot stand inside a value, since quotes and ``<`` are escaped there. A
    row that binds nothing has no pattern in JSON; the limit on bytes holds those.
    """

    PATTERNS: ClassVar = {
        "xml": re.compile(rb"<result>"),
        "json": re.compile(rb'[\[,]\{"[^"\\]*":\{"type":"'),
        "tsv": re.compile(rb"\n"),
        "csv": re.compile(rb"\n"),
    }
    TAIL = 256

    def __init__(self, kind: str) -> None:
        self._pattern, self._csv = self.PATTERNS[kind], kind == "csv"
        self._tail, self._quoted = b"", False
        self.count = -1 if kind in ("csv", "tsv") else 0

    def feed(self, data: bytes) -> int:
        """Take in the next piece; gives the rows so far."""
        if self._csv:
            parts = data.split(b'"')
            self.count += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
            self._quoted ^= len(parts) % 2 == 0
            return max(self.count, 0)
        text, end = self._tail + data, 0
        for match in self._pattern.finditer(text):
            self.count, end = self.count + 1, match.end()
        self._tail = text[max(end, len(text) - self.TAIL) :]
        return max(self.count, 0)


class Out:
    """Where the engine writes: counts, refuses beyond the limits, sends in parts."""

    def __init__(self, wire: Wire, most: int, rows: tuple[Rows, int] | None) -> None:
        self._wire, self._most, self._rows = wire, most, rows
        self._parts: list[bytes] = []
        self._held = self.size = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes of the answer."""
        self.size += len(data)
        if self.size > self._most:
            raise LimitReached("result bytes", self._most)
        if self._rows and self._rows[0].feed(data) > self._rows[1]:
            raise LimitReached("result rows", self._rows[1])
        self._parts.append(bytes(data))
        self._held += len(data)
        if self._held >= FLUSH:
            self._wire.send(b"D", self.take())
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that a reader could use before the end."""

    def take(self) -> bytes:
        """What is held, which is then held no longer."""
        held = b"".join(self._parts)
        self._parts, self._held = [], 0
        return held
