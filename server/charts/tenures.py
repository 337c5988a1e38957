"""The tenures of posts in time: a block a post, a line a tenure.

A bar runs from the last day on which it can have begun to the first on which it can have
ended; before and after it the inexact part of a date is drawn open. Where no end is stated
a broken line with an arrow leads on to the next start, or to the end of the chart.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kg.edtf import earliest, latest
from search.facts import Fact
from search.tenures import by_post
from server.charts.axes import Tick, TimeAxis, text_at
from server.words import date_words

WIDTH, MARGIN = 900.0, 12.0
HEAD, LINE, BAR, TOP = 34.0, 40.0, 14.0, 34.0
SHORTEST = 4.0
"""Width of the shortest bar: a tenure of a day is still seen."""

MODES = ("permanent", "interim", "acting", "seconded", "covering")
"""Modes with a pattern of their own; every other is drawn blank."""


class Line(msgspec.Struct, frozen=True):
    """One tenure. ``bar`` and ``open`` are (x, width); ``leads`` is a broken line (from, to)."""

    y: float
    mode: str
    words: str
    words_x: float
    anchor: str
    bar: tuple[float, float]
    open: tuple[tuple[float, float], ...]
    leads: tuple[float, float] | None
    arrow: bool


class Block(msgspec.Struct, frozen=True):
    """One post and its tenures."""

    y: float
    post: str
    lines: tuple[Line, ...]


class TenureChart(msgspec.Struct, frozen=True):
    """The whole drawing."""

    width: float
    height: float
    years: list[Tick]
    blocks: tuple[Block, ...]
    summary: str


def tenure_chart(tenures: Iterable[Fact], until: str | None) -> TenureChart | None:
    """The drawing of all tenures with a start or an end; ``until`` is the newest document's
    date. None where no tenure has either."""
    posts = [[t for t in held if t["start"] or t["end"]] for held in by_post(tenures).values()]
    posts = [held for held in posts if held]
    if not posts:
        return None
    axis = _axis([tenure for held in posts for tenure in held], until)
    blocks, y = [], TOP
    for held in posts:
        lines = tuple(_line(t, held, axis, y + HEAD + n * LINE) for n, t in enumerate(held))
        blocks.append(Block(y, _named(held[0]), lines))
        y += HEAD + LINE * len(held)
    count = sum(len(block.lines) for block in blocks)
    first, last = date_words(axis.first[:4]), date_words(axis.last[:4])
    return TenureChart(
        WIDTH,
        y + MARGIN,
        axis.years(),
        tuple(blocks),
        f"{count} tenures of {len(blocks)} posts, {first} to {last}. Every date is in the table.",
    )


def _axis(tenures: list[Fact], until: str | None) -> TimeAxis:
    dates = [t[end] for t in tenures for end in ("start", "end") if t[end]]
    first = min(filter(None, map(earliest, dates)))
    last = max(filter(None, map(latest, [*dates, *([until] if until else [])])))
    return TimeAxis(f"{first[:4]}-01-01", last, MARGIN, WIDTH - 5 * MARGIN)


def _named(tenure: Fact) -> str:
    return ", ".join(filter(None, (tenure["post"], tenure["organisation"])))


def _line(tenure: Fact, held: list[Fact], axis: TimeAxis, y: float) -> Line:
    start, end = tenure["start"], tenure["end"]
    left = axis.x(_last_day(start)) if start else axis.x(earliest(end))
    right = axis.x(earliest(end)) if end else left
    left, right = min(left, right), max(left, right, left + SHORTEST)
    inexact = [(axis.x(earliest(d)), axis.x(_last_day(d))) for d in (start, end) if d]
    words = tenure_words(tenure)
    at, anchor = text_at(axis.x(earliest(start)) if start else left, words, WIDTH - MARGIN)
    mode = tenure["mode"] if tenure["mode"] in MODES else "unknown"
    return Line(
        y,
        mode,
        words,
        at,
        anchor,
        (left, round(right - left, 1)),
        tuple((a, round(b - a, 1)) for a, b in inexact if b - a >= 1),
        None if start and end else _leads(tenure, held, axis, left, right),
        arrow=not end,
    )


def _leads(
    tenure: Fact, held: list[Fact], axis: TimeAxis, left: float, right: float
) -> tuple[float, float]:
    """From where to where a broken line stands for the end, or start, that nobody states."""
    if tenure["end"]:
        before = [axis.x(_last_day(t["end"])) for t in held if t["end"] and t is not tenure]
        return max([x for x in before if x < left], default=axis.left), left
    after = [axis.x(earliest(t["start"])) for t in held if t["start"] and t is not tenure]
    return right, min([x for x in after if x > right + BAR], default=axis.right + 2 * MARGIN)


def _last_day(edtf: str) -> str:
    return latest(edtf) or earliest(edtf)


def tenure_words(tenure: Fact) -> str:
    """'Interim, November 2018 to June 2019', 'Held from 2016, end not stated'."""
    mode = "Held" if tenure["mode"] == "unknown" else str(tenure["mode"]).capitalize()
    start, end = date_words(tenure["start"]), date_words(tenure["end"])
    if start and end:
        return f"{mode}, {start} to {end}"
    return f"{mode}, from {start}, end not stated" if start else f"{mode}, until {end}"
