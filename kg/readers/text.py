"""Plain text, and Markdown when it is written in it."""

from __future__ import annotations

from kg.readers.decode import decode
from kg.readers.detect import is_markdown
from kg.readers.limits import ReaderLimits
from kg.structure.pieces import Piece
from kg.structure.plain import read_plain


def pieces(data: bytes, limits: ReaderLimits) -> tuple[str, list[Piece]]:
    """The format (``text`` or ``markdown``) and the structure of a text file."""
    text = decode(data, limits)
    if is_markdown(text):
        from kg.readers.markdown import pieces as read_markdown

        return "markdown", read_markdown(text)
    return "text", read_plain(text)
