"""The judgements of one council: a column an inspection, a level a grade, a mark a domain.

A mark carries the number that the key gives to what was graded. The overall grades of
neighbouring inspections are joined where they were made under one framework: another framework
grades another way.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec

from kg.kinds import frameworks
from search.facts import Fact
from server.words import capital, date_words

LEFT, TOP, LEVEL, MARK, GAP, FOOT = 190.0, 14.0, 54.0, 30.0, 26.0, 52.0


class GradeMark(msgspec.Struct, frozen=True):
    """One grade: the number of its domain in the key, and whether it is the overall one."""

    x: float
    y: float
    number: int
    overall: bool


class Column(msgspec.Struct, frozen=True):
    """One inspection."""

    x: float
    date: str
    framework: str
    marks: tuple[GradeMark, ...]


class Level(msgspec.Struct, frozen=True):
    """One grade of the scale."""

    y: float
    name: str


class GradeChart(msgspec.Struct, frozen=True):
    """The whole drawing; ``key`` says what the numbers stand for."""

    width: float
    height: float
    left: float
    levels: tuple[Level, ...]
    columns: tuple[Column, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    key: tuple[tuple[int, str], ...]
    summary: str


def grade_chart(columns: list[Fact], rows: list[tuple[str, list[Fact | None]]]) -> GradeChart:
    """The drawing of a history of grades as :func:`server.pages.inspections.history` tells it."""
    by_event = [[grades[n] for _, grades in rows if grades[n]] for n in range(len(columns))]
    graded = [[f for f in facts if f and _order(f)] for facts in by_event]
    wide = max((len(facts) for facts in graded), default=1) * MARK + GAP
    used = {fact["domain"] for facts in graded for fact in facts if fact}
    key = {d.id: d.label for d in frameworks().domains if d.id in used}
    numbers = {domain: n for n, domain in enumerate(key, start=1)}
    shown = [facts for facts in graded if facts]
    drawn = tuple(_column(facts, numbers, LEFT + n * wide, wide) for n, facts in enumerate(shown))
    return GradeChart(
        max(LEFT + len(drawn) * wide + GAP, 520.0),
        TOP + 4 * LEVEL + FOOT,
        LEFT,
        tuple(Level(_y(n), name) for n, name in _names(graded).items()),
        drawn,
        tuple(_joined(drawn)),
        tuple((numbers[domain], capital(label)) for domain, label in key.items()),
        _summary(drawn, shown),
    )


def _order(fact: Fact) -> int | None:
    """The place of a grade on the scale, 1 the best; None where nothing was judged."""
    grade = str(fact["grade_id"]).rpartition("/")[2]
    return next((g.order for g in frameworks().grades if g.id == grade), None)


def _y(order: int) -> float:
    return TOP + (order - 0.5) * LEVEL


def _names(graded: list[list[Any]]) -> dict[int, str]:
    """The scale's grades in words, those of one order together where both were used."""
    used = {str(fact["grade_id"]).rpartition("/")[2] for facts in graded for fact in facts}
    names: dict[int, list[str]] = {}
    for grade in frameworks().grades:
        if grade.order:
            names.setdefault(grade.order, []).append(grade.id)
    labels = {grade.id: capital(grade.label) for grade in frameworks().grades}
    return {
        order: " or ".join(labels[i] for i in ids if i in used) or labels[ids[-1]]
        for order, ids in names.items()
    }


def _column(facts: list[Any], numbers: dict[str, int], left: float, wide: float) -> Column:
    begin = left + (wide - MARK * (len(facts) - 1)) / 2
    marks = tuple(
        GradeMark(
            begin + n * MARK,
            _y(_order(fact) or 1),
            numbers[fact["domain"]],
            fact["domain"] == "overall_effectiveness",
        )
        for n, fact in enumerate(facts)
    )
    first = facts[0]
    start = date_words(first["inspection_start"]) or "Date not stated"
    return Column(left + wide / 2, start, first["framework_label"] or "", marks)


def _joined(columns: tuple[Column, ...]) -> list[tuple[float, float, float, float]]:
    lines = []
    for one, other in pairwise(columns):
        ends = [next((m for m in column.marks if m.overall), None) for column in (one, other)]
        if ends[0] and ends[1] and one.framework == other.framework:
            lines.append((ends[0].x, ends[0].y, ends[1].x, ends[1].y))
    return lines


def _summary(columns: tuple[Column, ...], graded: list[list[Any]]) -> str:
    overall = [
        f"{column.date} {fact['grade']}"
        for column, facts in zip(columns, graded, strict=True)
        for fact in facts
        if fact["domain"] == "overall_effectiveness"
    ]
    return f"Overall effectiveness: {'; '.join(overall) or 'not graded'}. All grades are below."
