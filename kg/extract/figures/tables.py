"""Figures in tables: one observation a cell, with its row's date, column's name and caption.

A data table has a row of column names and rows that begin with a date or a name. A blank
cell of a column of numbers gives a figure without value: a blank is not a zero. A footnote
that the column name points to (``Employees*``) becomes the figure's definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg import dates
from kg.model import Block, Cell, Document, FigureClaim

EXTRACTOR = "figures.tables@1"
_NUMBER = re.compile(r"£?\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|£?\s?\d+(?:\.\d+)?%?")
_CAPTION = re.compile(r"^(?:table|figure|chart)\s+\d+[a-z]?\b", re.IGNORECASE)
_MARKS = "*†‡"


class Column(NamedTuple):
    """A column of a table: its name, the table's caption, and the block it stands in."""

    name: str
    caption: str
    position: int


def extract(document: Document) -> Iterator[FigureClaim]:
    """The figures of every data table of the document."""
    for position, block in enumerate(document.blocks):
        if block.kind == "table" and len(block.rows) > 1:
            yield from _table(document, position, block)


def _table(document: Document, position: int, block: Block) -> Iterator[FigureClaim]:
    names = [_text(document, cell) for cell in block.rows[0]]
    if sum(map(_is_number, names[1:])) or not any(names[1:]):
        return
    caption = _caption(document, position)
    for row in block.rows[1:]:
        numbers = [_is_number(_text(document, cell)) for cell in row[1:]]
        filled = [bool(_text(document, cell)) for cell in row[1:]]
        enough = 1 if dates.find(_text(document, row[0])) else 2
        if sum(numbers) < max(enough, 0.6 * sum(filled)):
            continue
        for name, cell, number in zip(names[1:], row[1:], numbers, strict=False):
            if name and (number or cell.start == cell.end):
                place = cell if number else row[-1]
                yield _figure(document, Column(name, caption, position), row[0], cell, place)


def _figure(document: Document, column: Column, stub: Cell, cell: Cell, place: Cell) -> FigureClaim:
    label, printed = _text(document, stub), _text(document, cell)
    dated = dates.find(label)
    return FigureClaim(
        start=min(stub.start, place.start),
        end=max(stub.end, place.end),
        extractor=EXTRACTOR,
        measure=column.name.rstrip(_MARKS + " "),
        value=re.sub(r"[£,%\s]", "", printed),
        unit="per cent" if "%" in printed else "GBP" if "£" in printed else "",
        date=dated[0].edtf if dated else None,
        about="" if dated else label,
        table=column.caption,
        definition=_definition(document, column.name, column.position),
    )


def _caption(document: Document, position: int) -> str:
    """The caption that stands just before or after the table."""
    for near in (position + 1, position - 1):
        if 0 <= near < len(document.blocks):
            block = document.blocks[near]
            text = document.text[block.start : block.end]
            if _CAPTION.match(text) and len(text) < 200:
                return text
    return ""


def _definition(document: Document, name: str, position: int) -> str:
    """The footnote to which the column name's mark points, after the table."""
    mark = next((char for char in reversed(name) if char in _MARKS), "")
    if not mark:
        return ""
    for block in document.blocks[position + 1 : position + 60]:
        printed = block.mark if block.mark in _MARKS and block.mark else ""
        text = document.text[block.start : block.end]
        if printed == mark or text.startswith(mark):
            return text.lstrip(_MARKS + " ")
    return ""


def _text(document: Document, cell: Cell) -> str:
    return " ".join(document.text[cell.start : cell.end].split())


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))
