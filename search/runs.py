"""Row numbers in order, as runs of consecutive ones: what a filter lets pass.

Documents stand together, so that a filter by document is a few runs, however many rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Runs:
    """Runs that do not touch, in order: each from ``first`` up to, and not with, ``last``."""

    first: Numbers
    last: Numbers

    @classmethod
    def of(cls, rows: Numbers) -> Runs:
        """The runs of row numbers that stand in order, each once."""
        if not len(rows):
            return cls(rows, rows)
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        first = rows[np.concatenate(([0], breaks))]
        last = rows[np.concatenate((breaks, [len(rows)])) - 1] + 1
        return cls(first, last)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int((self.last - self.first).sum())

    def over(self, bounds: Numbers) -> Runs:
        """The runs of what rows own, where those of row n go from bounds[n] to bounds[n + 1]."""
        return Runs(bounds[self.first], bounds[self.last])

    def rows(self) -> Numbers:
        """Every row number, in order."""
        lengths = self.last - self.first
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.asarray(np.repeat(self.first, lengths) + offsets, dtype=np.int64)

    def marks(self, count: int) -> Marks:
        """For each of ``count`` rows whether it is among them."""
        edges = np.empty(2 * len(self.first) + 2, dtype=np.int64)
        edges[0], edges[-1] = 0, count
        edges[1:-1:2], edges[2:-1:2] = self.first, self.last
        inside = np.zeros(len(edges) - 1, dtype=bool)
        inside[1::2] = True
        return np.repeat(inside, np.diff(edges))

    def bits(self, count: int) -> NDArray[np.uint8]:
        """The marks, eight in a byte, the first in the lowest bit."""
        return np.packbits(self.marks(count), bitorder="little")
