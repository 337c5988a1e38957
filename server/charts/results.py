"""The chart of a query's results, where they are a series: a date, a number, a few lines.

A series has one column of dates, one of numbers, and at most three lines: those that the other
columns tell apart. Each line has three values or more, one a day. Anything else is no series,
and the table stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import msgspec

from ontology.terms import PREFIXES
from server.charts.axes import TimeAxis, text_at, value_axis
from server.charts.series import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    SHAPES,
    TOP,
    WIDTH,
    Mark,
    Path,
    SeriesChart,
)

_XSD = PREFIXES["xsd"]
_NUMBERS = {
    _XSD + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")
LEAST, MOST = 3, 400
"""Points of a line at least, and of a drawing at most."""

Row = Mapping[str, Any]
Line = dict[str, float]
"""Values by day."""


class ResultChart(msgspec.Struct, frozen=True):
    """The drawing, what it shows in words, and the lines by shape where there are several."""

    chart: SeriesChart
    title: str
    key: tuple[tuple[str, str], ...]


def result_chart(columns: list[str], rows: list[Row]) -> ResultChart | None:
    """The chart of rows of SPARQL JSON; None where they are no series."""
    if not LEAST <= len(rows) <= MOST:
        return None
    dates = [name for name in columns if _all(rows, name, partial(_day, name))]
    numbers = [name for name in columns if name not in dates and _all(rows, name, _number)]
    if len(dates) != 1 or len(numbers) != 1:
        return None
    day, value = dates[0], numbers[0]
    lines = _lines(rows, day, value, [name for name in columns if name not in (day, value)])
    if lines is None:
        return None
    several = len(lines) > 1
    key = tuple(zip(SHAPES, lines, strict=False)) if several else ()
    return ResultChart(_drawn(list(lines.values())), f"{value} by {day}", key)


def _lines(rows: list[Row], day: str, value: str, others: list[str]) -> dict[str, Line] | None:
    """The values of each line by day; None where they are no lines."""
    lines: dict[str, Line] = {}
    for row in rows:
        name = ", ".join(str(row[other]["value"]) for other in others if row.get(other))
        line = lines.setdefault(name, {})
        at, number = _day(day, row[day]), _number(row[value])
        if at is None or number is None or at in line:
            return None
        line[at] = number
    fits = len(lines) <= len(SHAPES) and all(len(line) >= LEAST for line in lines.values())
    return lines if fits else None


def _all(rows: list[Row], name: str, read: Callable[[Mapping[str, str]], object]) -> bool:
    """Whether a column has a value in each row, and each can be read so."""
    return all(row.get(name) and read(row[name]) is not None for row in rows)


def _number(cell: Mapping[str, str]) -> float | None:
    return float(cell["value"]) if cell.get("datatype") in _NUMBERS else None


def _day(name: str, cell: Mapping[str, str]) -> str | None:
    """The day that a date, month or year begins with; a bare number is a year by its name."""
    found = _DATE.fullmatch(cell["value"]) if cell["type"] == "literal" else None
    if found is None or (cell.get("datatype") in _NUMBERS and "year" not in name.lower()):
        return None
    day = f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}"
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    return day


def _drawn(lines: list[Line]) -> SeriesChart:
    days = sorted({day for line in lines for day in line})
    values = [value for line in lines for value in line.values()]
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    time = TimeAxis(f"{days[0][:4]}-01-01", days[-1], LEFT, right - RIGHT)
    scale = value_axis(values, bottom, TOP)

    def mark(place: int, ordered: list[tuple[str, float]]) -> Mark:
        day, value = ordered[place]
        x, y = time.x(day), scale.y(value)
        if place not in (0, len(ordered) - 1):
            return Mark(x, y)
        text = f"{value:,g}"
        at, anchor = text_at(x, text, right)
        # The first value stands below where the line rises from it.
        rises = place == 0 and ordered[1][1] > value
        return Mark(x, y, text, at, y + 22 if rises else y - 12, anchor)

    paths = []
    for shape, line in zip(SHAPES, lines, strict=False):
        ordered = sorted(line.items())
        marks = tuple(mark(place, ordered) for place in range(len(ordered)))
        paths.append(Path(shape, " ".join(f"{m.x},{m.y}" for m in marks), marks))
    low, high = min(values), max(values)
    summary = (
        f"{len(values)} values from {days[0]} to {days[-1]}; lowest {low:,g}, highest {high:,g}. "
        "All are in the table."
    )
    years, ticks = time.years(), scale.ticks()
    return SeriesChart(WIDTH, HEIGHT, LEFT, right, TOP, bottom, years, ticks, tuple(paths), summary)
