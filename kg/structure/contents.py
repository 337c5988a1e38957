"""Contents pages: entries with page numbers, which would pass for headings."""

from __future__ import annotations

import re

from kg.structure.lines import Line, joined
from kg.structure.tables import Table

_TITLE = re.compile(r"(table of )?contents:?$", re.I)
_ENTRY = re.compile(r"^(.*?\D)[\s.…·_]*\s(\d{1,3})$")
_LEADERS = re.compile(r"[\s.…·_]*$")
MIN_ENTRIES = 2


def as_tables(items: list[Line | Table]) -> list[Line | Table]:
    """A page's items with the entries after a "Contents" line as a table: title, page."""
    for place, item in enumerate(items):
        if isinstance(item, Line) and _TITLE.match(item.text):
            table, taken = _entries(item, items[place + 1 :])
            if table is not None:
                return [*items[:place], table, *items[place + 1 + taken :]]
    return items


def _entries(heading: Line, items: list[Line | Table]) -> tuple[Table | None, int]:
    rows: list[tuple[str, ...]] = [(heading.text,)]
    waiting: list[Line] = []
    taken = 0
    for place, item in enumerate(items):
        if not isinstance(item, Line) or len(waiting) > 2:
            break
        waiting.append(item)
        if match := _ENTRY.match(item.text):
            text = joined([*(line.words for line in waiting[:-1]), item.words])
            rows.append((_LEADERS.sub("", text[: -len(match[2])]), match[2]))
            waiting, taken = [], place + 1
    if len(rows) <= MIN_ENTRIES:
        return None, 0
    return Table(heading.page, rows), taken
