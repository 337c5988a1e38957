"""What a filter lets pass: marks of rows, and rows as runs of consecutive ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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
    def of(cls, marks: Marks) -> Runs:
        """The runs of the rows that are marked."""
        edges = np.diff(marks, prepend=False, append=False).nonzero()[0]
        return cls(edges[::2], edges[1::2])

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


@dataclass(frozen=True)
class Passing:
    """What passes: the rows that are marked, or, with ``bounds``, what they own, where that of
    row n goes from bounds[n] to bounds[n + 1]."""

    marks: Marks
    bounds: Numbers | None = None

    @cached_property
    def share(self) -> float:
        """The share of rows that are marked."""
        return np.count_nonzero(self.marks) / max(1, len(self.marks))

    def of(self, numbers: Numbers) -> Marks:
        """Which of some numbers pass."""
        if self.bounds is None:
            return self.marks[numbers]
        return self.marks[np.searchsorted(self.bounds, numbers, side="right") - 1]

    def rows(self) -> Numbers:
        """The numbers of all that passes, in order."""
        return np.flatnonzero(self.marks) if self.bounds is None else self._runs().rows()

    def bits(self, count: int) -> NDArray[np.uint8]:
        """For each of ``count`` whether it passes, eight in a byte, the first in the lowest bit."""
        marks = self.marks if self.bounds is None else self._runs().marks(count)
        return np.packbits(marks, bitorder="little")

    def _runs(self) -> Runs:
        runs = Runs.of(self.marks)
        return runs if self.bounds is None else runs.over(self.bounds)
