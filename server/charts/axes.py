"""Where days and values lie in a drawing, and where the lines of its grid go."""

from __future__ import annotations

from datetime import date
from math import ceil, floor, log10

import msgspec

TICKS = 10
"""The most lines of a grid of years."""

WIDE = 7.6
"""Width of a letter at the size of the charts' text, on the safe side."""


class Tick(msgspec.Struct, frozen=True):
    """A line of the grid and its words."""

    at: float
    text: str


class TimeAxis(msgspec.Struct, frozen=True):
    """Days from ``first`` to ``last`` (ISO), from ``left`` to ``right``."""

    first: str
    last: str
    left: float
    right: float

    def x(self, day: str) -> float:
        """Where a day lies; days outside the axis lie at its ends."""
        begin, end = (date.fromisoformat(d).toordinal() for d in (self.first, self.last))
        part = (date.fromisoformat(day).toordinal() - begin) / max(1, end - begin)
        return round(self.left + min(1.0, max(0.0, part)) * (self.right - self.left), 1)

    def years(self) -> list[Tick]:
        """The first day of each year, or of each second, fifth … where there are many."""
        first, last = int(self.first[:4]), int(self.last[:4])
        step = next(s for s in (1, 2, 5, 10, 20, 50) if (last - first) / s <= TICKS or s == 50)
        shown = [year for year in range(first, last + 1) if year % step == 0]
        return [Tick(self.x(f"{year}-01-01"), str(year)) for year in shown if self._holds(year)]

    def _holds(self, year: int) -> bool:
        return self.first <= f"{year}-01-01" <= self.last


class ValueAxis(msgspec.Struct, frozen=True):
    """Values from nought, or from the lowest where it is below, at ``bottom`` to ``top``."""

    low: float
    high: float
    bottom: float
    top: float

    def y(self, value: float) -> float:
        """Where a value lies."""
        part = (value - self.low) / (self.high - self.low)
        return round(self.bottom + part * (self.top - self.bottom), 1)

    def ticks(self) -> list[Tick]:
        """Four to six lines at round values."""
        step = _step(self.high - self.low)
        first, last = round(self.low / step), round(self.high / step)
        return [Tick(self.y(n * step), f"{round(n * step, 6):,g}") for n in range(first, last + 1)]


def value_axis(values: list[float], bottom: float, top: float) -> ValueAxis:
    """An axis that holds all values and ends at round ones."""
    low, high = min(0.0, *values), max(0.0, *values)
    step = _step((high - low) or 1.0)
    return ValueAxis(floor(low / step) * step, (ceil(high / step) or 1) * step, bottom, top)


def _step(length: float) -> float:
    """A round step of which four to ten make up a length: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(length / 4))
    return next(power * m for m in (1, 2, 5, 10) if length / (power * m) <= 6)


def text_at(x: float, words: str, right: float) -> tuple[float, str]:
    """Where words begin and how they are anchored so that they end before ``right``."""
    if x + WIDE * len(words) <= right:
        return x, "start"
    return right, "end"
