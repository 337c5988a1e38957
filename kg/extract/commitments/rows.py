"""Rows of tables in minutes: a resolution beside whose it is, and logs of actions.

Minutes print tables in two ways: as a table, and as lines whose cells a bar divides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import dates
from kg.extract import bodies, posts
from kg.extract.bodies import Home
from kg.extract.commitments.rules import cues
from kg.extract.flat import Flat, flatten
from kg.model import Block, Document

_BAR = re.compile(r"\s+\|\s+")
_THAT = re.compile(r"\bthat (?:the |an? )?", re.I)


@dataclass(frozen=True)
class Log:
    """The columns of a log of actions, by their places."""

    action: int
    owner: int
    due: int | None


def table_rows(document: Document, block: Block) -> Iterator[tuple[Flat, tuple[Flat, ...]]]:
    """Each row of a block that is a table, on one line, with its cells that have words."""
    spans = [[(cell.start, cell.end) for cell in row] for row in block.rows]
    if not spans and block.kind == "paragraph":
        spans = _barred(document.text, block)
    for row in spans:
        cells = tuple(flatten(document.text, *span) for span in row)
        if any(cell.text for cell in cells):
            yield flatten(document.text, row[0][0], row[-1][1]), cells


def _barred(text: str, block: Block) -> list[list[tuple[int, int]]]:
    """The cells of each line of a paragraph in which every line has bars."""
    lines = re.finditer(r"[^\n]+", text[block.start : block.end])
    rows = []
    for line in lines:
        cuts = [(m.start(), m.end()) for m in _BAR.finditer(line.group())]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(line.group())]
        at = block.start + line.start()
        rows.append([(at + a, at + b) for a, b in zip(starts, ends, strict=True)])
    return rows if rows and all(len(row) > 2 for row in rows) else []


def log_of(cells: Sequence[Flat]) -> Log | None:
    """The columns, when the cells head a log of actions."""
    heads = cues().log

    def column(rule: str) -> int | None:
        places = (i for i, cell in enumerate(cells) if re.fullmatch(rule, cell.text, re.I))
        return next(places, None)

    action, owner = column(heads.action), column(heads.owner)
    if action is None or owner is None:
        return None
    return Log(action, owner, column(heads.due))


def owner_of(cell: Flat, where: Home) -> str | None:
    """The post or body that a cell names, when it names nothing else before it."""
    titles = posts.find(cell.text)
    named = [(m.start, m.label) for m in titles if m.label]
    named += [(b.start, b.name) for b in bodies.find(cell.text, where)]
    return min(named)[1] if named and min(named)[0] < 5 else None


def asked_of(cell: Flat, where: Home) -> str | None:
    """Whom the words of a resolution ask: "that the Vale Trust be asked to …"."""
    that = _THAT.search(cell.text)
    if that is None:
        return None
    rest = cell.text[that.end() :]
    titles = [(m.start, m.label) for m in posts.find(rest) if m.label]
    named = sorted(titles + [(b.start, b.name) for b in bodies.find(rest, where)])
    asks = re.search(r"\bbe (?:asked|requested|invited)\b", rest)
    return named[0][1] if named and named[0][0] < 5 and asks else None


def due_of(cell: Flat) -> str | None:
    """The last date of a cell: a meeting or month by which something is to be done."""
    found = dates.find(cell.text)
    return found[-1].edtf.rpartition("/")[2] or None if found else None
