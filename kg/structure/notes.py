"""Footnotes: small print at the foot of a page.

It opens with a raised digit or an asterisk, or cuts a sentence that goes on overleaf.
"""

from __future__ import annotations

import re

from kg.structure.lines import Line, joined
from kg.structure.pieces import Piece

SMALL = 0.92
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")


def split_notes(lines: list[Line], body: float) -> tuple[list[Line], list[Piece]]:
    """The lines of a page without its footnotes, and the footnotes."""
    cut = len(lines)
    while cut and (lines[cut - 1].size < SMALL * body or _lone_mark(lines[cut - 1], body)):
        cut -= 1
    unfinished = 0 < cut < len(lines) and not _ENDED.search(lines[cut - 1].text)
    while not unfinished and cut < len(lines) and not _opens(lines[cut], body):
        cut += 1
    return lines[:cut], _notes(lines[cut:], body)


def _lone_mark(line: Line, body: float) -> bool:
    return len(line.words) == 1 and line.text.isdigit() and line.size <= body


def _opens(line: Line, body: float) -> bool:
    """Whether a note starts here: an asterisk, or a digit raised before the print or alone."""
    first = line.words[0]
    if first.text[0] in "*†‡":
        return True
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
    mark = first.words[0].text if first.words[0].text.isdigit() else ""
    text = joined([first.words[1:] if mark else first.words, *(line.words for line in rest)])
    return Piece("footnote", text, mark=mark, page=first.page)
