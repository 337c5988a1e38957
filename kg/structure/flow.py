"""Printed lines, in reading order, to pieces: which line goes on and which begins anew."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.model import BlockKind
from kg.structure.headings import LARGE, levels, settled
from kg.structure.lines import Line, Word, body_size, leading, margin
from kg.structure.marks import (
    BULLETS,
    FIRST_MARK,
    SECOND_MARK,
    Mark,
    Nesting,
    bare_number,
    bullet,
    clause,
    is_quantity,
)
from kg.structure.opened import Open
from kg.structure.pieces import Piece
from kg.structure.tables import Table

NEAR = 4.0
PARAGRAPH_GAP = 1.3
HEADING_GAP = 1.25
ROOM = 5.0
_AMBIGUOUS = frozenset("–—-−·")


class Flow:
    """Reads the lines of a whole document, page after page."""

    def __init__(self, lines: list[Line]) -> None:
        self.body = body_size(lines)
        self.leading = leading(lines, self.body)
        self.done: list[Open | Piece | Table] = []
        self.notes: list[Piece] = []
        self.open: Open | None = None
        self.bullets: list[float] = []
        self.nesting = Nesting()
        self.number = 0
        self.number_x = 0.0
        self.margin = margin(lines, self.body)

    def page_of(self, items: list[Line | Table], notes: list[Piece]) -> None:
        """Takes the next page's lines and tables and the footnotes at its foot."""
        fresh = True
        for item in items:
            if isinstance(item, Table):
                self.add_table(item)
            else:
                self.add(item, fresh)
            fresh = False
        self.notes += notes

    def close(self) -> None:
        """Ends the open piece; footnotes that waited for it follow."""
        self._end()
        self.done += self.notes
        self.notes = []

    def _end(self) -> None:
        if self.open is not None:
            self.done.append(self.open)
            self.open = None

    def add_table(self, table: Table) -> None:
        """Takes a table, or the rest of the one that ended the page before."""
        self._end()
        before = self.done[-1] if self.done else None
        if isinstance(before, Table) and before.page < table.page and _same_columns(before, table):
            before.rows += table.rows[1:] if table.rows[0] == before.rows[0] else table.rows
            return
        self.close()
        self.bullets = []
        self.done.append(table)

    def add(self, line: Line, fresh: bool) -> None:
        if self._stray(line):
            return
        _unglue(line)
        mark = self._mark(line, fresh)
        if mark is not None:
            self._begin_marked(line, mark)
        elif self._goes_on(line, fresh):
            self._append(line)
        else:
            self._begin(line)

    def _stray(self, line: Line) -> bool:
        """A footnote's mark that stands on a line of its own."""
        return line.text.isdigit() and len(line.text) < 3 and line.size < 0.8 * self.body

    def _gap(self, line: Line) -> float:
        """The distance to the line before, in lines of this size."""
        if self.open is None or self.open.last is None or self.open.last.page != line.page:
            return 0.0
        size = max(line.size, self.open.size)
        return (self.open.base - line.base) / (self.leading * size)

    def _mark(self, line: Line, fresh: bool) -> Mark | None:
        first = line.words[0].text
        if mark := bullet(first):
            within = first[0] in _AMBIGUOUS and self._within(line, fresh)
            return None if within else mark
        mark = clause(first) or self._unstopped(line)
        if mark is None or (len(line.words) == 1 and self._within(line, fresh)):
            return None
        return mark if self._plausible(mark, line, fresh) else None

    def _unstopped(self, line: Line) -> Mark | None:
        """The number of the next paragraph printed in its place without a full stop."""
        number = bare_number(line.words[0].text)
        expected = number is not None and number == self.number + 1 > 1
        if not expected or abs(line.x0 - self.number_x) > NEAR or len(line.words) < 4:
            return None
        return Mark("number", f"{number}.", number or 0)

    def _within(self, line: Line, fresh: bool) -> bool:
        """Whether a line stands where the open piece's next line would."""
        if self.open is None or self.open.kind == "heading":
            return False
        near = abs(line.x0 - self.open.text_x) < NEAR
        if fresh:
            return near and not self.open.ended
        return near and self._gap(line) < PARAGRAPH_GAP

    def _plausible(self, mark: Mark, line: Line, fresh: bool) -> bool:
        if self._within(line, fresh):
            return False
        if len(line.words) > 1 and is_quantity(mark, line.words[1].text):
            return False
        if mark.kind != "number" or mark.number == 1:
            return True
        headed = self._headed(line) and mark.number > self.number
        return headed or 0 < mark.number - self.number <= 4

    def _begin_marked(self, line: Line, mark: Mark) -> None:
        words = line.words[1:]
        first = line.words[0]
        if mark.kind == "bullet" and len(first.text) > 1:
            rest = first.text.lstrip("".join(BULLETS))
            words = [Word(rest, first.x0, first.x1, first.base, first.size, first.bold), *words]
        kind: BlockKind = "bullet" if mark.kind == "bullet" else "numbered"
        in_list = kind == "bullet" and self.open is not None and self.open.kind == "bullet"
        (self._end if in_list else self.close)()
        self.open = Open(
            kind,
            line.page,
            [words] if words else [],
            line.x0,
            words[0].x0 if words else line.x0,
            line.base,
            line.size,
            line.bold,
            mark=mark,
            last=line,
            right=line.x1,
        )
        if kind == "bullet":
            self.open.level = self._bullet_level(line.x0)
            self.open.mark = Mark("bullet", FIRST_MARK if self.open.level == 1 else SECOND_MARK)
        else:
            self.open.level = self.nesting.level(mark)
        if mark.kind == "number":
            self.number, self.number_x, self.bullets = mark.number, line.x0, []

    def _bullet_level(self, x0: float) -> int:
        while self.bullets and x0 < self.bullets[-1] - NEAR:
            self.bullets.pop()
        if not self.bullets or x0 > self.bullets[-1] + NEAR:
            self.bullets.append(x0)
        return len(self.bullets)

    def _headed(self, line: Line) -> bool:
        """Whether a line is set as headings are."""
        large = line.size >= LARGE * self.body
        stands_out = line.bold and line.size >= 0.95 * self.body
        return (large or stands_out) and any(map(str.isalpha, line.text))

    def _goes_on(self, line: Line, fresh: bool) -> bool:
        open_ = self.open
        if open_ is None:
            return False
        if not open_.lines:
            return not fresh
        if fresh:
            return self._goes_on_over_page(line, open_)
        gap = self._gap(line)
        if gap < -0.2:
            return False
        headed = self._headed(line)
        if open_.kind == "heading":
            alike = abs(line.size - open_.size) < 0.6 and line.bold == open_.bold
            alike = alike and line.slanted == open_.slanted
            return (headed or line.slanted) and alike and gap < HEADING_GAP
        if abs(line.size - open_.size) > 0.15 * open_.size and headed:
            return False
        if headed and open_.ended and not open_.bold:
            return False
        return gap < PARAGRAPH_GAP and self._in_column(line, open_) and self._full(line, open_)

    def _full(self, line: Line, open_: Open) -> bool:
        """Whether the line before ended because this line's first word had no room on it."""
        last = open_.last
        if last is None or line.text[0].islower() or not (line.text[0].isalnum()):
            return True
        room = self.margin - last.x1 - (line.words[0].x1 - line.words[0].x0)
        narrow = self.margin - open_.right > ROOM * line.size
        return room < ROOM * line.size or not (narrow or open_.ended)

    def _in_column(self, line: Line, open_: Open) -> bool:
        if abs(line.x0 - open_.text_x) < NEAR:
            return True
        if len(open_.lines) == 1 and not open_.ended:
            return True
        return not open_.ended and line.x0 < open_.text_x + 4 * NEAR

    def _goes_on_over_page(self, line: Line, open_: Open) -> bool:
        if open_.kind == "heading":
            return self._headed(line) and line.text[0].islower()
        if self._headed(line) and (open_.ended or not line.text[0].islower()) and not open_.bold:
            return False
        aligned = abs(line.x0 - open_.text_x) < NEAR
        if not open_.ended:
            return aligned or line.text[0].islower()
        return aligned and open_.mark is not None and open_.text_x - open_.x0 > NEAR

    def _append(self, line: Line) -> None:
        open_ = self.open
        if open_ is None:
            return
        if open_.last is not None and line.page != open_.last.page:
            open_.breaks.append((len(open_.lines), line.page))
        if len(open_.lines) <= 1 or not open_.ended:
            open_.text_x = line.x0
        open_.lines.append(line.words)
        open_.base, open_.last = line.base, line
        open_.right = max(open_.right, line.x1)
        open_.bold = open_.bold and line.bold

    def _begin(self, line: Line) -> None:
        self.close()
        kind: BlockKind = "heading" if self._headed(line) or line.slanted else "paragraph"
        if kind == "heading" or line.x0 < (self.bullets[0] if self.bullets else 0) - NEAR:
            self.bullets = []
        self.open = Open(
            kind,
            line.page,
            [line.words],
            line.x0,
            line.x0,
            line.base,
            line.size,
            line.bold,
            slanted=line.slanted,
            last=line,
            right=line.x1,
        )

    def pieces(self) -> list[Piece]:
        """All that was read, in order."""
        self.close()
        kept = [item for item in self.done if not isinstance(item, Open) or item.text]
        ranks = levels(kept, self.body)
        return [piece for item in kept for piece in settled(item, ranks, self.body)]


_GLUED = re.compile(r"(\d{1,3}\.)(?=[A-Z‘“])")


def _unglue(line: Line) -> None:
    """Parts a paragraph's number from the word printed against it."""
    first = line.words[0]
    if match := _GLUED.match(first.text):
        rest = replace(first, text=first.text[match.end() :])
        line.words[:1] = [replace(first, text=match[1]), rest]


def _same_columns(before: Table, after: Table) -> bool:
    if len(before.rows[0]) != len(after.rows[0]) or not (before.edges and after.edges):
        return False
    ends = (before.edges[0], before.edges[-1]), (after.edges[0], after.edges[-1])
    return all(abs(a - b) < NEAR for a, b in zip(*ends, strict=True))
