"""One series of figures: points, joined inside a run alone."""

from __future__ import annotations

import msgspec

from search.series import Point, Run, Series
from server.charts.axes import Tick, TimeAxis, text_at, value_axis
from server.words import date_words

WIDTH, HEIGHT = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 70.0, 20.0, 30.0, 36.0
SHAPES = ("circle", "square", "triangle")


class Mark(msgspec.Struct, frozen=True):
    """A value, and its words where it is written out."""

    x: float
    y: float
    text: str = ""
    text_x: float = 0.0
    text_y: float = 0.0
    anchor: str = "start"


class Path(msgspec.Struct, frozen=True):
    """A run: the shape of its points, and the line through them."""

    shape: str
    line: str
    marks: tuple[Mark, ...]


class SeriesChart(msgspec.Struct, frozen=True):
    """The whole drawing."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    years: list[Tick]
    values: list[Tick]
    paths: tuple[Path, ...]
    summary: str


def series_chart(found: Series) -> SeriesChart:
    """The drawing of one series."""
    points = found.points
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    time = TimeAxis(_opening(points), points[-1].day, LEFT, right - RIGHT)
    value = value_axis([p.value for p in points], bottom, TOP)
    # The first value stands where the line does not run through it.
    written = {id(points[0]), id(points[-1])}

    def mark(point: Point) -> Mark:
        x, y = time.x(point.day), value.y(point.value)
        if id(point) not in written:
            return Mark(x, y)
        text = f"{point.value:,g}"
        at, anchor = text_at(x, text, right)
        falls = point is points[-1] or len(points) < 2 or points[1].value <= point.value
        return Mark(x, y, text, at, y - 12 if falls else y + 22, anchor)

    sources = list(dict.fromkeys((run.document, run.definition) for run in found.runs))

    def path(run: Run) -> Path:
        marks = tuple(mark(point) for point in run.points)
        shape = SHAPES[sources.index((run.document, run.definition)) % len(SHAPES)]
        return Path(shape, " ".join(f"{m.x},{m.y}" for m in marks), marks)

    return SeriesChart(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        TOP,
        bottom,
        time.years(),
        value.ticks(),
        tuple(path(run) for run in found.runs),
        _summary(points),
    )


def _opening(points: list[Point]) -> str:
    """The first day of the axis: the year's first where the series begins in its early part."""
    first = points[0].day
    return f"{first[:4]}-01-01" if first[5:7] <= "03" else first


def _summary(points: list[Point]) -> str:
    first, last = points[0], points[-1]
    low, high = min(p.value for p in points), max(p.value for p in points)
    return (
        f"From {first.value:,g} ({date_words(first.fact['date'])}) to {last.value:,g} "
        f"({date_words(last.fact['date'])}); lowest {low:,g}, highest {high:,g}. "
        f"All {len(points)} values are in the table."
    )
