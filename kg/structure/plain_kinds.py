"""Which paragraphs of plain text are title and headings, by wording, length and neighbours."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from kg.structure.pieces import Piece

HEADING_WORDS = 24
TITLE_WORDS = 50
BODY_WORDS = 12
_ENDED = re.compile(r"[.!?;,:–—-][\"'”’)\]]*$")
_QUESTION = re.compile(r"\?$")
# Lines of letters and minutes that stand alone without heading anything.
_FORMULA = re.compile(
    r"(dear|yours|cc\b|copy|note\b|chair$|signed|dated|apolog|action\b|resolved\b|present\b.*:|"
    r".* in the chair$|www\.|https?:|t:|tel|page \d)",
    re.I,
)
_DATE = re.compile(r"(\w+day,? )?(\d{1,2}(st|nd|rd|th)? )?[A-Z][a-z]+ \d{4}$")
_CONTENTS = re.compile(r"(table of )?contents:?$", re.I)
_NUMBER = re.compile(r"(?<= )(\d{1,2}|[a-z])$")
_CAPTION = re.compile(r"(table|figure|fig\.|chart|graph) \d", re.I)
_SENTENCE_OPENING = re.compile(r"(it|this|these|they|there|we|he|she|i|you) ", re.I)
_CONTACT = re.compile(r"@|\d{4} \d{3}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_YEAR = re.compile(r"(19|20)\d\d")
_LABEL = re.compile(r"[^\W\d]+: \S")


def settle(pieces: list[Piece], *, paged: bool) -> list[Piece]:
    """The pieces with title, headings and one-line tables put right.

    Pages are kept only when the file marks them (``paged``).
    """
    pieces = _contents_in_tables(pieces)
    for place, piece in enumerate(pieces):
        _settle(piece, pieces, place)
    _settle_title(pieces)
    if not paged:
        for piece in pieces:
            piece.page, piece.page_breaks = None, ()
    return pieces


def _contents_in_tables(pieces: list[Piece]) -> list[Piece]:
    """Gives the "Contents" line above a table to the table; trims columns that stay empty."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.rows:
            width = max((_width(row) for row in piece.rows), default=0)
            piece.rows = tuple(row[:width] for row in piece.rows)
            if kept and _CONTENTS.match(kept[-1].text):
                piece.rows = ((kept.pop().text,), *piece.rows)
        kept.append(piece)
    return kept


def _width(row: tuple[str, ...]) -> int:
    """How many cells a row has up to its last that is filled."""
    return max((column for column, cell in enumerate(row, 1) if cell), default=0)


def _settle(piece: Piece, pieces: list[Piece], place: int) -> None:
    if piece.kind == "numbered" and _numbered_heading(piece, pieces, place):
        piece.kind = "heading"
    elif piece.kind == "paragraph" and _heading(piece, pieces, place):
        piece.kind, piece.level = "heading", 1 if piece.text.isupper() else 2


def _heading(piece: Piece, pieces: list[Piece], place: int) -> bool:
    text = piece.text
    words = len(text.split())
    if not piece.alone:
        return False
    if words > HEADING_WORDS or (_ENDED.search(text) and not _QUESTION.search(text)):
        return False
    worded = text[0].isupper() or (text[0].isdigit() and any(map(str.isalpha, text)))
    if not worded and not _YEAR.fullmatch(text):
        return False
    if _FORMULA.match(text) or _DATE.match(text) or _CONTACT.search(text):
        return False
    if _LABEL.match(text) or _CAPTION.match(text) or _SENTENCE_OPENING.match(text):
        return False
    ready = is_heading_word(text) or _follows_an_end(pieces, place)
    return ready and _heads_something(pieces, place)


def is_heading_word(text: str) -> bool:
    """Whether a line is one of the genre's usual headings (``heading_words.txt``)."""
    name = text.partition(":")[0].rstrip("?").casefold()
    return _NUMBER.sub("#", name) in _heading_words()


@cache
def _heading_words() -> frozenset[str]:
    lines = resources.files("kg.structure").joinpath("heading_words.txt").read_text("utf-8")
    return frozenset(line for line in lines.splitlines() if line and not line.startswith("#"))


def _follows_an_end(pieces: list[Piece], place: int) -> bool:
    """Whether what stands before is complete, so that this is no further line of it."""
    before = pieces[place - 1] if place else None
    if before is None or before.kind != "paragraph" or pieces[place].text.isupper():
        return True
    set_apart = _FORMULA.match(before.text) or _DATE.match(before.text) or not before.alone
    return bool(_ENDED.search(before.text) or set_apart or _CONTACT.search(before.text))


def _heads_something(pieces: list[Piece], place: int) -> bool:
    """Whether what follows is text, a list or a table, at most three short lines on."""
    for follower in pieces[place + 1 : place + 5]:
        if follower.kind != "paragraph":
            return True
        if len(follower.text.split()) >= BODY_WORDS or _ENDED.search(follower.text):
            return not _DATE.match(follower.text) and not _FORMULA.match(follower.text)
        if _FORMULA.match(follower.text) or _CONTACT.search(follower.text):
            return False
    return False


def _numbered_heading(piece: Piece, pieces: list[Piece], place: int) -> bool:
    if piece.level > 3 or len(piece.text.split()) > 16 or _ENDED.search(piece.text):
        return False
    if not piece.text[0].isupper() or place + 1 >= len(pieces):
        return False
    follower = pieces[place + 1]
    return not (follower.kind == "numbered" and follower.level == piece.level)


def _settle_title(pieces: list[Piece]) -> None:
    """The first block, when it could be a title; in a letter the line after the salutation."""
    for place, piece in enumerate(pieces[:25]):
        if piece.kind == "heading" and (place == 0 or _is_salutation(pieces[place - 1])):
            piece.kind, piece.level = "title", 1
            return
        long_title = place == 0 and piece.kind == "paragraph" and not _ENDED.search(piece.text)
        if long_title and 4 <= len(piece.text.split()) <= TITLE_WORDS:
            piece.kind = "title"
            return


def _is_salutation(piece: Piece) -> bool:
    return piece.text[:5].casefold() == "dear "
