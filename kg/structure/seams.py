"""Paragraphs and bullets that a page break, or a blank line left by one, cut in two."""

from __future__ import annotations

import re

from kg.structure.lines import closes_up
from kg.structure.pieces import Piece

_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
# Words after which no sentence or list item ends.
_OPEN = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "and",
        "or",
        "nor",
        "but",
        "as",
        "that",
        "which",
        "who",
        "whose",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "their",
        "its",
        "our",
        "his",
        "her",
        "this",
        "these",
        "those",
        "not",
        "there",
        "into",
        "between",
        "among",
        "about",
        "if",
        "when",
        "while",
        "whether",
        "than",
        "through",
        "under",
        "over",
    }
)


def hangs(before: str, after: str) -> bool:
    """Whether two halves close up without a blank (a compound cut at its hyphen)."""
    return closes_up(before, after)


def across(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the halves of cut paragraphs and bullets joined."""
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is not None and _cut(before, piece):
            _join(before, piece)
        else:
            joined.append(piece)
    return joined


def _cut(before: Piece, after: Piece) -> bool:
    if before.rows or after.rows or not before.text or not after.text:
        return False
    if before.kind in ("heading", "title", "footnote") or _ENDED.search(before.text):
        return False
    dangling = before.text.split()[-1].casefold().strip("\"'“‘(,") in _OPEN
    lower = after.text[0].islower()
    if after.kind == "paragraph":
        long_enough = len(before.text.split()) > 8
        return (lower and long_enough) or (dangling and long_enough)
    return after.kind == "bullet" and lower and dangling


def _join(before: Piece, after: Piece) -> None:
    glue = "" if hangs(before.text, after.text) else " "
    start = len(before.text) + len(glue)
    moved = tuple((start + offset, page) for offset, page in after.page_breaks)
    if after.page is not None and after.page != _last_page(before):
        moved = ((start, after.page), *moved)
    before.page_breaks += moved
    before.text = f"{before.text}{glue}{after.text}"


def _last_page(piece: Piece) -> int | None:
    return piece.page_breaks[-1][1] if piece.page_breaks else piece.page
