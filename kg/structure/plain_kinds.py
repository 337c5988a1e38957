"""Which paragraphs of plain text are title and headings, by wording, length and neighbours."""

from __future__ import annotations

import re

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
_DATE = re.compile(r"(\w+day,? )?\d{1,2}(st|nd|rd|th)? \w+ \d{4}$", re.I)
_CONTACT = re.compile(r"@|\d{4} \d{3}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_YEAR = re.compile(r"(19|20)\d\d")
_LABEL = re.compile(r"\S[^:]*: \S")


def settle(pieces: list[Piece], *, paged: bool) -> list[Piece]:
    """The pieces with title, headings and one-line tables put right.

    Pages are kept only when the file marks them (``paged``).
    """
    for place, piece in enumerate(pieces):
        _settle(piece, pieces, place)
    _settle_title(pieces)
    if not paged:
        for piece in pieces:
            piece.page, piece.page_breaks = None, ()
    return pieces


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
    if _LABEL.search(text) and words > 16:
        return False
    return _heads_something(pieces, place)


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
