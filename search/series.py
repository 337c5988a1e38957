"""Figures of tables as series in time, so that a chart joins only what may be compared.

A series is one measure of one thing in one unit. Inside it a run is what one document
prints under one definition, without a blank between: values of two runs are set side by
side and never joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from kg.edtf import earliest, latest
from search.facts import Fact

FEWEST = 3
"""Dates that make a series."""


class Point(msgspec.Struct, frozen=True):
    """One value at one date; ``day`` is the middle of what the date may mean, ISO."""

    day: str
    value: float
    fact: Fact


class Run(msgspec.Struct, frozen=True):
    """Values that may be joined, oldest first."""

    document: str
    definition: str
    points: tuple[Point, ...]


class Series(msgspec.Struct, frozen=True):
    """One measure over time, its runs by their first date."""

    measure: str
    about: str
    unit: str
    authority: str
    runs: tuple[Run, ...]

    @property
    def points(self) -> list[Point]:
        """All values, oldest first."""
        return sorted((p for run in self.runs for p in run.points), key=lambda p: p.day)

    @property
    def definitions(self) -> list[str]:
        """The definitions that documents print for it."""
        return list(dict.fromkeys(run.definition for run in self.runs if run.definition))


def series(figures: Iterable[Fact]) -> list[Series]:
    """The series among rows of ``Facts.list("figures")``, the longest first."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in figures:
        if fact["table"] and fact["date"] and earliest(fact["date"]) and latest(fact["date"]):
            groups.setdefault(_key(fact), []).append(fact)
    found = [_series(facts) for facts in groups.values()]
    longest = (one for one in found if len({point.day for point in one.points}) >= FEWEST)
    return sorted(longest, key=lambda one: (-len(one.points), one.measure.lower(), one.about))


def _key(fact: Fact) -> tuple[str, ...]:
    named = ("authority", "measure", "about", "unit")
    return tuple(str(fact[name] or "").casefold() for name in named)


def _series(facts: list[Fact]) -> Series:
    first = facts[0]
    sources: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        key = (fact["document"]["id"], fact["definition"] or "")
        sources.setdefault(key, []).append(fact)
    runs = [run for key, held in sources.items() for run in _runs(*key, held)]
    return Series(
        first["measure"],
        first["about"] or "",
        first["unit"] or "",
        first["authority"] or "",
        tuple(sorted(runs, key=lambda run: run.points[0].day)),
    )


def _runs(document: str, definition: str, facts: list[Fact]) -> list[Run]:
    """The facts of one source cut where the table leaves a cell blank."""
    runs: list[list[Point]] = [[]]
    for fact in sorted(facts, key=lambda fact: _middle(fact["date"])):
        if not isinstance(fact["value"], int | float):
            runs.append([])
        elif not any(_same(point, fact) for point in runs[-1]):
            runs[-1].append(Point(_middle(fact["date"]), float(fact["value"]), fact))
    return [Run(document, definition, tuple(points)) for points in runs if points]


def _same(point: Point, fact: Fact) -> bool:
    return point.day == _middle(fact["date"]) and point.value == fact["value"]


def _middle(edtf: str) -> str:
    """The middle day of what a date may mean."""
    first, last = (date.fromisoformat(side(edtf)).toordinal() for side in (earliest, latest))
    return date.fromordinal((first + last) // 2).isoformat()
