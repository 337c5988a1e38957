"""Bullets that are drawn and not printed, as browsers do."""

from __future__ import annotations

from kg.structure.lines import Line, Rule, Word
from kg.structure.marks import FIRST_MARK

REACH = 2.5


def with_dots(lines: list[Line], dots: list[Rule]) -> list[Line]:
    """The lines of a page, with a bullet at the head of those that a dot stands before."""
    return [_with_dot(line, dots) for line in lines] if dots else lines


def _with_dot(line: Line, dots: list[Rule]) -> Line:
    for dot in dots:
        beside = 0 < line.x0 - dot.x1 < REACH * line.size
        if beside and line.base - 1 < (dot.y0 + dot.y1) / 2 < line.base + line.size:
            return Line(
                [Word(FIRST_MARK, dot.x0, dot.x1, line.base, line.size), *line.words], line.page
            )
    return line
