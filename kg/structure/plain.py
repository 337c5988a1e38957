"""Plain text to pieces: paragraphs, light marks, tab-separated rows, page seams.

Plain text of public documents comes as one line a paragraph or hard-wrapped, with pages
parted by form feeds, blank lines or nothing. Marks are ``- ``, bullets, numbers and letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.structure.marks import FIRST_MARK, SECOND_MARK, Mark, Nesting, bullet, clause, is_quantity
from kg.structure.pieces import Piece
from kg.structure.plain_kinds import settle
from kg.structure.seams import across, hangs

WRAP_MIN, WRAP_MAX = 60, 120
_TAGS = re.compile(
    r"</?(?:i|u|b|em|strong|sup|sub|span|font)(?:\s[^>]*)?>|\*\*|__(?=\S)|(?<=\S)__", re.I
)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_DASH = re.compile(r"([-*o•‣▪●◼])\s+(?=\S)")
_GLUED = re.compile(r"(\d{1,3}[.)])(?=[A-Z])")
_RUNS = re.compile(r" {2,}")
_END = re.compile(r"[.!?:;][\"'”’)\]]*$")


@dataclass
class Row:
    """One line of the file, its indentation and what stands before it."""

    text: str
    indent: int
    page: int
    after_blank: bool


def read_plain(text: str) -> list[Piece]:
    """The structure of a plain text."""
    rows = _rows(_BREAK.sub(" ", _TAGS.sub("", text)))
    width = _wrap_width(rows)
    return settle(across(_Reader(width).read(rows)), paged="\f" in text)


def marked(text: str) -> Piece:
    """One paragraph as a piece: numbered or a bullet when a mark opens it."""
    mark, rest, depth = _Reader(0).mark(Row(text, 0, 1, True))
    if mark is None or not rest:
        return Piece("paragraph", text)
    if mark.kind == "bullet":
        return Piece("bullet", rest, 1, FIRST_MARK)
    return Piece("numbered", rest, depth, mark.printed)


def from_lines(pieces: list[Piece]) -> list[Piece]:
    """Paragraphs of a format that has no headings of its own, read as plain text is."""
    read = [marked(p.text) if p.kind == "paragraph" and p.text else p for p in pieces]
    return settle(across(read), paged=False)


def _rows(text: str) -> list[Row]:
    rows: list[Row] = []
    page, blank = 1, True
    for raw in text.split("\n"):
        if "\f" in raw:
            page += raw.count("\f")
            blank = True
        line = raw.replace("\f", "").rstrip(" \r")
        stripped = line.strip(" ")
        if not stripped.strip("\t "):
            blank = True
            continue
        rows.append(Row(_RUNS.sub(" ", stripped), len(line) - len(line.lstrip(" ")), page, blank))
        blank = False
    return rows


def _wrap_width(rows: list[Row]) -> int:
    """The width at which lines were wrapped, or 0 when each paragraph is one line."""
    lengths = sorted(len(row.text) for row in rows if "\t" not in row.text)
    if len(lengths) < 8:
        return 0
    widest = lengths[int(len(lengths) * 0.97)]
    runs_on = sum(not row.after_blank for row in rows) / len(rows)
    return widest if WRAP_MIN <= widest <= WRAP_MAX and runs_on > 0.4 else 0


class _Reader:
    """Takes rows in order and grows pieces."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.pieces: list[Piece] = []
        self.indents: list[int] = []
        self.number = 0
        self.nesting = Nesting()
        self.last: Row | None = None

    def read(self, rows: list[Row]) -> list[Piece]:
        """The pieces of all rows, seams not yet joined."""
        for row in rows:
            self.take(row)
            self.last = row
        return self.pieces

    def take(self, row: Row) -> None:
        if self._in_table(row):
            self._cells(row)
            return
        mark, text, depth = self.mark(row)
        if mark is not None:
            self._marked(row, mark, text, depth)
        elif self._goes_on(row):
            self._append(row)
        else:
            self.indents = self.indents if row.text[0].islower() else []
            self._paragraph(row)

    def _paragraph(self, row: Row) -> None:
        alone = row.after_blank
        if not alone and self.pieces and self.pieces[-1].kind == "paragraph":
            self.pieces[-1].alone = False
        self.pieces.append(Piece("paragraph", row.text, page=row.page, alone=alone))

    def _in_table(self, row: Row) -> bool:
        """Whether a row has cells, or fills one column of the table above it."""
        within = bool(self.pieces) and self.pieces[-1].kind == "table" and not row.after_blank
        return "\t" in (row.text if within else row.text.strip("\t"))

    def _cells(self, row: Row) -> None:
        cells = tuple(cell.strip() for cell in row.text.split("\t"))
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind == "table" and not row.after_blank:
            last.rows = (*last.rows, cells)
        else:
            self.pieces.append(Piece("table", page=row.page, rows=(cells,)))

    def mark(self, row: Row) -> tuple[Mark | None, str, int]:
        """The mark that opens a row, the text after it and how deep it stands."""
        text = _GLUED.sub(r"\1 ", row.text, count=1)
        dashed = _DASH.match(text)
        if dashed:
            inner, rest, depth = self._clause(text[dashed.end() :], dashed=True)
            if inner is not None:
                return inner, rest, depth
            return Mark("bullet", FIRST_MARK), text[dashed.end() :], 1
        first, _, rest = text.partition(" ")
        if mark := bullet(first):
            glyph = first[1:] if len(first) > 1 else ""
            return mark, f"{glyph} {rest}".strip(), 1
        if self._wrapped_on(row):
            return None, text, 1
        return self._clause(text, dashed=False)

    def _clause(self, text: str, *, dashed: bool) -> tuple[Mark | None, str, int]:
        first, _, rest = text.partition(" ")
        mark = clause(first)
        if mark is None or not rest.strip() or is_quantity(mark, rest.split()[0]):
            return None, text, 1
        if mark.kind == "number" and not dashed:
            if self.number and mark.number != 1 and not 0 < mark.number - self.number <= 60:
                return None, text, 1
            self.number = mark.number
        depth = self.nesting.level(mark)
        return mark, rest.strip(), max(depth, 2) if dashed else depth

    def _wrapped_on(self, row: Row) -> bool:
        """Whether a line of wrapped text carries on the paragraph above it."""
        return bool(self.width) and not row.after_blank and self._last_is_full(row)

    def _marked(self, row: Row, mark: Mark, text: str, depth: int) -> None:
        if not text:
            return
        if mark.kind == "bullet":
            level = self._level(row.indent)
            printed = FIRST_MARK if level == 1 else SECOND_MARK
            self.pieces.append(Piece("bullet", text, level, printed, row.page))
            return
        if depth == 1:
            self.indents = []
        self.pieces.append(Piece("numbered", text, depth, mark.printed, row.page))

    def _level(self, indent: int) -> int:
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1]:
            self.indents.append(indent)
        return len(self.indents)

    def _goes_on(self, row: Row) -> bool:
        if not self.width or row.after_blank or not self.pieces:
            return False
        return self.pieces[-1].kind != "table" and self._last_is_full(row)

    def _last_is_full(self, row: Row) -> bool:
        """Whether the first word of a line had no room left on the line before."""
        if self.last is None:
            return False
        word = row.text.split(" ", 1)[0]
        room = self.width - self.last.indent - len(self.last.text)
        return len(word) + 1 > room - 2 or row.text[0].islower()

    def _append(self, row: Row) -> None:
        piece = self.pieces[-1]
        if row.page != (self.last.page if self.last else row.page):
            piece.page_breaks = (*piece.page_breaks, (len(piece.text) + 1, row.page))
        glue = "" if hangs(piece.text, row.text) else " "
        piece.text = f"{piece.text}{glue}{row.text}"
