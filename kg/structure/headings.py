"""Which pieces are headings, of which level, and what all pieces finally are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import BlockKind
from kg.structure.lines import joined
from kg.structure.opened import Open, ends_sentence
from kg.structure.pieces import Piece
from kg.structure.tables import Table

LARGE = 1.18
HEADING_WORDS = 32
SLANTED_WORDS = 14
BOX_LABELS = 6

Style = tuple[float, bool, bool]

# "Inspection date: 3 May 2016" stands out on a cover without heading anything.
_LABELLED = re.compile(
    r"(inspection|visit|review|report\w*|lead|publi\w+|date\w*|from|to|subject)\b[^:]{0,30}:\s",
    re.I,
)


def _is_heading(item: Open, body: float) -> bool:
    words = len(item.text.split())
    if _LABELLED.match(item.text):
        return False
    if item.kind == "heading":
        closed = item.text.endswith((".", ";", ",")) and (words > 4 or item.slanted)
        return words <= (SLANTED_WORDS if item.slanted else HEADING_WORDS) and not closed
    if item.kind != "numbered" or not (item.bold or item.size >= LARGE * body):
        return False
    return words <= 16 and not item.text.endswith((".", ";", ","))


def levels(items: list[Open | Piece | Table], body: float) -> dict[Style, int]:
    """The level of each style of heading: larger first, then bolder."""
    used: set[Style] = set()
    for item in items:
        if isinstance(item, Open) and _is_heading(item, body):
            used.add(item.style)
        elif isinstance(item, Table) and _heads(item):
            used.add(_box_style(item))
    ranked = sorted(used, key=lambda style: (-style[0], not style[1], style[2]))
    return {style: level for level, style in enumerate(ranked, 1)}


def _box_style(table: Table) -> Style:
    """A boxed heading ranks just above plain ones of its size."""
    return table.size + 0.5, True, False


def _heads(table: Table) -> bool:
    """A ruled box of one bold row, or of one below column labels: a heading and its grade."""
    first, last = (" ".join(row) for row in (table.rows[0], table.rows[-1]))
    if len(last.split()) > HEADING_WORDS or ends_sentence(last):
        return False
    if len(table.rows) == 1:
        return table.bold
    labels = table.labelled and len(first.split()) <= BOX_LABELS and len(table.rows[-1]) == 2
    return len(table.rows) == 2 and labels and table.page > 1


def settled(item: Open | Piece | Table, styles: dict[Style, int], body: float) -> Iterator[Piece]:
    if isinstance(item, Piece):
        yield item
    elif isinstance(item, Open):
        yield _piece(item, styles, body)
    elif _heads(item):
        if len(item.rows) == 2:
            yield Piece("table", page=item.page, rows=tuple(item.rows[:1]))
        text = " ".join(cell for cell in item.rows[-1] if cell)
        yield Piece("heading", text, styles[_box_style(item)], page=item.page)
    else:
        yield Piece("table", page=item.page, rows=tuple(item.rows))


def _piece(item: Open, styles: dict[Style, int], body: float) -> Piece:
    kind: BlockKind = item.kind
    level = item.level
    if _is_heading(item, body):
        kind, level = "heading", styles[item.style]
    elif kind == "heading":
        kind = "paragraph"
    mark = item.mark.printed if item.mark else ""
    return Piece(kind, item.text, level, mark, item.page, page_breaks=_breaks(item))


def _breaks(item: Open) -> tuple[tuple[int, int], ...]:
    """Where in its text each later page starts."""
    text = item.text
    found = []
    for count, page in item.breaks:
        at = len(joined(item.lines[:count]))
        while at < len(text) and text[at] == " ":
            at += 1
        found.append((at, page))
    return tuple(found)
