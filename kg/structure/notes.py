"""Footnotes: small print at the foot of a page that opens with a raised digit."""

from __future__ import annotations

from kg.structure.lines import Line, joined
from kg.structure.pieces import Piece

SMALL = 0.92


def split_notes(lines: list[Line], body: float) -> tuple[list[Line], list[Piece]]:
    """The lines of a page without its footnotes, and the footnotes."""
    cut = len(lines)
    while cut and (lines[cut - 1].size < SMALL * body or _lone_mark(lines[cut - 1], body)):
        cut -= 1
    while cut < len(lines) and not _opens(lines[cut], body):
        cut += 1
    return lines[:cut], _notes(lines[cut:], body)


def _lone_mark(line: Line, body: float) -> bool:
    return len(line.words) == 1 and line.text.isdigit() and line.size <= body


def _opens(line: Line, body: float) -> bool:
    """Whether a note starts here: a digit smaller than the print after it, or alone."""
    first = line.words[0]
    if not first.text.rstrip(".").isdigit() or len(first.text) > 3:
        return False
    return first.raised or first.size < line.size or _lone_mark(line, body)


def _notes(lines: list[Line], body: float) -> list[Piece]:
    groups: list[list[Line]] = []
    for line in lines:
        if _opens(line, body) or not groups:
            groups.append([])
        groups[-1].append(line)
    return [_note(group) for group in groups]


def _note(group: list[Line]) -> Piece:
    first, *rest = group
    mark = first.words[0].text
    text = joined([first.words[1:], *(line.words for line in rest)])
    return Piece("footnote", text, mark=mark, page=first.page)
