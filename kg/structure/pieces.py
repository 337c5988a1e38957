"""Pieces of structure before they have a place in the stored text."""

from __future__ import annotations

import msgspec

from kg.model import Block, BlockKind, Cell, Document

INDENT = "  "
DEEPEST = 8


class Piece(msgspec.Struct):
    """One block with its words but without offsets.

    ``page_breaks`` are the offsets in ``text`` at which a later page starts, with that
    page's number. Tables have ``rows`` and no ``text``. ``alone`` is false for a line of a
    group set without space between (an address), which heads nothing.
    """

    kind: BlockKind
    text: str = ""
    level: int = 1
    mark: str = ""
    page: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    page_breaks: tuple[tuple[int, int], ...] = ()
    alone: bool = True

    def words(self) -> int:
        """How many words it holds, cells included."""
        cells = sum(len(cell.split()) for row in self.rows for cell in row)
        return len(self.text.split()) + cells


class _Layout:
    """Grows the stored text block by block."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.pages: dict[int, int] = {}

    def write(self, text: str) -> int:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def turn_page(self, number: int | None, offset: int) -> None:
        if number is not None:
            self.pages.setdefault(number, offset)

    def add(self, piece: Piece, previous: Piece | None) -> None:
        if previous is not None:
            self.write(_separator(previous, piece))
        self.turn_page(piece.page, self.length)
        if piece.rows:
            self.add_table(piece)
            return
        if piece.mark:
            indent = INDENT * min(piece.level - 1, DEEPEST) if piece.kind in _LISTED else ""
            self.write(f"{indent}{piece.mark} ")
        start = self.write(piece.text)
        for offset, number in piece.page_breaks:
            self.turn_page(number, start + offset)
        self.blocks.append(
            Block(piece.kind, start, self.length, piece.page, piece.level, piece.mark)
        )

    def add_table(self, piece: Piece) -> None:
        start = self.length
        rows: list[tuple[Cell, ...]] = []
        for number, row in enumerate(piece.rows):
            if number:
                self.write("\n")
            cells: list[Cell] = []
            for column, text in enumerate(row):
                if column:
                    self.write("\t")
                at = self.write(text)
                cells.append(Cell(at, self.length))
            rows.append(tuple(cells))
        self.blocks.append(
            Block("table", start, self.length, piece.page, piece.level, rows=tuple(rows))
        )


_LISTED = frozenset({"bullet", "numbered"})


def _separator(previous: Piece, piece: Piece) -> str:
    bullets = previous.kind == piece.kind == "bullet"
    clauses = piece.kind in _LISTED and previous.kind in _LISTED and piece.level > 1
    return "\n" if bullets or clauses else "\n\n"


def assemble(pieces: list[Piece], *, file: str, sha256: str, media_type: str) -> Document:
    """Lays pieces out as stored text: blocks apart by a blank line, list items by a newline.

    The id is a placeholder made from the file's hash; the pipeline names the document once
    it knows what it is.
    """
    layout = _Layout()
    previous: Piece | None = None
    for piece in pieces:
        layout.add(piece, previous)
        previous = piece
    return Document(
        id=f"document-{sha256[:8]}",
        file=file,
        sha256=sha256,
        media_type=media_type,
        text="".join(layout.parts),
        blocks=tuple(layout.blocks),
        pages=_page_starts(layout),
    )


def _page_starts(layout: _Layout) -> tuple[int, ...]:
    """The start of each page from 1 on; a page without text starts where the next does."""
    if not layout.pages:
        return ()
    starts: list[int] = []
    following = layout.length
    for number in range(max(layout.pages), 0, -1):
        following = min(following, layout.pages.get(number, following))
        starts.append(following)
    return tuple(reversed(starts))
