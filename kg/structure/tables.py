"""Tables: cells from the rules drawn around them, or from columns of aligned words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kg.structure.lines import Line, Rule, Word, joined

TOUCH = 3.0
MIN_ROW = 8.0


@dataclass
class Table:
    """Rows of cell texts on one page, with what decides whether it is a heading.

    ``bold`` says that its first cells are all bold, ``labelled`` that the first row is.
    """

    page: int
    rows: list[tuple[str, ...]]
    edges: tuple[int, ...] = ()
    bold: bool = False
    labelled: bool = False
    size: float = 0.0


@dataclass
class _Grid:
    """A group of rules that touch."""

    rules: list[Rule]
    x0: float
    y0: float
    x1: float
    y1: float

    def touches(self, rule: Rule) -> bool:
        return (
            rule.x0 <= self.x1 + TOUCH
            and rule.x1 >= self.x0 - TOUCH
            and rule.y0 <= self.y1 + TOUCH
            and rule.y1 >= self.y0 - TOUCH
        )

    def merge(self, other: _Grid) -> None:
        self.rules += other.rules
        self.x0, self.y0 = min(self.x0, other.x0), min(self.y0, other.y0)
        self.x1, self.y1 = max(self.x1, other.x1), max(self.y1, other.y1)

    def levels(self) -> list[float]:
        """The heights of its horizontal rules, from the top."""
        return _distinct([rule.y0 for rule in self.rules if rule.horizontal], MIN_ROW)[::-1]

    def columns(self, y: float) -> list[float]:
        """Where verticals cross the height ``y``."""
        crossing = [r.x0 for r in self.rules if not r.horizontal and r.y0 - 1 <= y <= r.y1 + 1]
        return _distinct(crossing, TOUCH)

    def holds(self, line: Line) -> bool:
        middle = line.base + 0.3 * line.size
        return self.y0 < middle < self.y1 and self.x0 - TOUCH < line.x0 < self.x1


def _distinct(values: list[float], apart: float) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > apart:
            kept.append(value)
    return kept


def _grids(rules: list[Rule]) -> list[_Grid]:
    grids: list[_Grid] = []
    for rule in rules:
        grid = _Grid([rule], rule.x0, rule.y0, rule.x1, rule.y1)
        apart = []
        for other in grids:
            if other.touches(rule):
                grid.merge(other)
            else:
                apart.append(other)
        grids = [*apart, grid]
    return [grid for grid in grids if _is_grid(grid)]


def _is_grid(grid: _Grid) -> bool:
    uprights = {round(r.x0) for r in grid.rules if not r.horizontal}
    return len(grid.levels()) >= 2 and len(uprights) >= 3


def ruled(lines: list[Line], rules: list[Rule]) -> list[Line | Table]:
    """The lines of a page with those inside ruled rows of two or more cells made tables.

    A box with a single cell is a frame around running text, which stays lines.
    """
    placed: list[Line | Table] = list(lines)
    for grid in _grids(rules):
        placed = _with_grid(placed, grid)
    return placed


def _with_grid(placed: list[Line | Table], grid: _Grid) -> list[Line | Table]:
    result: list[Line | Table] = []
    levels = grid.levels()
    row: _Row | None = None
    table: Table | None = None
    for item in placed:
        band = _band(item, grid, levels)
        if band is None or not isinstance(item, Line):
            _close(table, row)
            table = row = None
            result.append(item)
            continue
        if row is None or table is None or row.band != band:
            _close(table, row)
            row = _Row(band, grid.columns((levels[band] + levels[band + 1]) / 2))
            if table is None:
                table = Table(item.page, [], row.edges, bold=True, size=item.size)
                result.append(table)
        row.add(item)
        table.bold = table.bold and (item.bold or row.tail(item))
        table.labelled = table.bold if not table.rows else table.labelled
        table.size = max(table.size, item.size)
    _close(table, row)
    return [item if isinstance(item, Line) else _narrowed(item) for item in result]


def _narrowed(table: Table) -> Table:
    """The table with rows that have a cell more, for an indent, brought to the usual count."""
    usual = min(len(row) for row in table.rows)
    table.rows = [_without_blanks(row, len(row) - usual) for row in table.rows]
    return table


def _without_blanks(row: tuple[str, ...], surplus: int) -> tuple[str, ...]:
    kept: list[str] = []
    for cell in row:
        if surplus and not cell:
            surplus -= 1
        else:
            kept.append(cell)
    return tuple(kept)


def _band(item: Line | Table, grid: _Grid, levels: list[float]) -> int | None:
    """The number of the row, from the top, of two or more cells in which a line stands."""
    if not isinstance(item, Line) or not grid.holds(item):
        return None
    middle = item.base + 0.3 * item.size
    for band, (top, bottom) in enumerate(pairwise(levels)):
        if bottom < middle < top:
            return band if len(grid.columns((top + bottom) / 2)) > 2 else None
    return None


class _Row:
    """The cells of one row while its lines come in."""

    def __init__(self, band: int, columns: list[float]) -> None:
        self.band, self.columns = band, columns
        self.edges = tuple(round(x) for x in columns)
        self.cells: list[list[list[Word]]] = [[] for _ in columns[1:]]

    def add(self, line: Line) -> None:
        parts: dict[int, list[Word]] = {}
        for word in line.words:
            parts.setdefault(self.place(word), []).append(word)
        for column, words in parts.items():
            self.cells[column].append(words)

    def place(self, word: Word) -> int:
        middle = (word.x0 + word.x1) / 2
        inside = sum(middle >= edge for edge in self.columns[1:-1])
        return min(inside, len(self.cells) - 1)

    def tail(self, line: Line) -> bool:
        """Whether a line stands right of the first cell."""
        return self.place(line.words[0]) > 0


def _close(table: Table | None, row: _Row | None) -> None:
    if table is not None and row is not None:
        table.rows.append(tuple(joined(cell) for cell in row.cells))


def aligned(items: list[Line | Table]) -> list[Line | Table]:
    """Tables without rules: two or more neighbouring lines cut by wide blanks alike."""
    result: list[Line | Table] = []
    run: list[Line] = []
    for item in [*items, None]:
        if isinstance(item, Line) and _extends(run, item):
            run.append(item)
            continue
        result += _settled(run)
        run = [item] if isinstance(item, Line) and _columns(item) else []
        if item is not None and not run:
            result.append(item)
    return result


def _columns(line: Line) -> list[float]:
    """Where the cells after the first start; empty for a line of running text."""
    parts = line.segments(2.2)
    lone = len(parts) == 2 and len(parts[0]) == 1 and len(parts[0][0].text) <= 4
    if len(parts) < 2 or lone:
        return []
    return [part[0].x0 for part in parts[1:]]


def _extends(run: list[Line], line: Line) -> bool:
    if not run or line.page != run[-1].page:
        return False
    here, there = _columns(line), _columns(run[-1])
    return bool(here) and len(here) == len(there) and abs(here[0] - there[0]) < 2 * TOUCH


def _settled(run: list[Line]) -> list[Line | Table]:
    if len(run) < 2:
        return list(run)
    rows = [tuple(joined([part]) for part in line.segments(2.2)) for line in run]
    return [Table(run[0].page, rows, size=run[0].size)]
