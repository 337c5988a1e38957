"""A stretch of stored text on one line, which remembers where each character came from.

Patterns are written for plain lines; documents break them, double blanks and print
typographic quotes. ``Flat`` undoes that for matching alone: every span goes back to offsets
of the stored text, so nothing is quoted that is not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg.model import Document

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\ufffe": "-", "−": "-"}
)
_RUNS = re.compile(r"\S+")


@dataclass(frozen=True)
class Flat:
    """``text[i]`` stands at ``offsets[i]`` of the stored text."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the stored text of a span of ``text`` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def local(self, start: int, end: int) -> tuple[int, int] | None:
        """The span of ``text`` for offsets of the stored text; None when outside."""
        first, last = self._index.get(start), self._index.get(end - 1)
        return None if first is None or last is None else (first, last + 1)

    @cached_property
    def _index(self) -> dict[int, int]:
        return {offset: position for position, offset in enumerate(self.offsets)}


@lru_cache(maxsize=2048)
def flatten(text: str, start: int, end: int) -> Flat:
    """``text[start:end]`` on one line with single blanks and plain quotes and dashes.

    Kept for the extractors that read the same sentences one after another.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    for run in _RUNS.finditer(text, start, end):
        first, last = run.span()
        if pieces:
            offsets.append(first - 1)
        pieces.append(run.group())
        offsets.extend(range(first, last))
    return Flat(" ".join(pieces).translate(_PLAIN), tuple(offsets))


def lines(document: Document) -> Iterator[Flat]:
    """Every block of a document on one line; of a table, every cell."""
    for block in document.blocks:
        cells = [(cell.start, cell.end) for row in block.rows for cell in row]
        for start, end in cells or [(block.start, block.end)]:
            line = flatten(document.text, start, end)
            if line.text:
                yield line
