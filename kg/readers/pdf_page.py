"""One PDF page as printed lines and drawn rules, by pdfium."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from kg.structure.lines import Line, Rule, Word

SMALL = 0.8
RULE = 2.5
DOT = 2.0, 8.0
_LINE_CUT = frozenset({0xFFFE, 0x0002})
_BREAKS = frozenset({0x0A, 0x0D})
_BLANKS = frozenset(b" \t\0") | {0xA0, 0xAD, 0x202F, 0xFEFF, *range(0x2002, 0x200C)}


class _Reader:
    """Asks pdfium for characters and their places, with its buffers kept."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self.page = textpage.raw
        self.rect = raw.FS_RECTF()
        self.name = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()
        self.matrix = raw.FS_MATRIX()
        self.origin = ctypes.c_double(), ctypes.c_double()

    def box(self, index: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetLooseCharBox(self.page, index, self.rect)
        return self.rect.left, self.rect.bottom, self.rect.right, self.rect.top

    def base(self, index: int) -> float:
        raw.FPDFText_GetCharOrigin(self.page, index, *self.origin)
        return self.origin[1].value

    def size(self, index: int) -> float:
        raw.FPDFText_GetMatrix(self.page, index, self.matrix)
        scale = math.hypot(self.matrix.b, self.matrix.d) or 1.0
        size = scale * float(raw.FPDFText_GetFontSize(self.page, index))
        if size > 2:
            return round(size, 1)
        _, bottom, _, top = self.box(index)
        return round(top - bottom, 1)

    def style(self, index: int) -> tuple[bool, bool]:
        """Whether a character is bold and whether it is slanted, by its font or by force."""
        length = raw.FPDFText_GetFontInfo(self.page, index, self.name, 256, self.flags)
        font = self.name.raw[: min(length, 256)].lower()
        raw.FPDFText_GetMatrix(self.page, index, self.matrix)
        bold = b"bold" in font or raw.FPDFText_GetFontWeight(self.page, index) >= 600
        skewed = self.matrix.b == 0 and abs(self.matrix.c) > 0.1 * abs(self.matrix.d)
        return bold, skewed or b"italic" in font or b"oblique" in font


def _runs(codes: list[int]) -> Iterator[tuple[int, int, bool, bool]]:
    """Runs of printed characters: start, end, whether a new line starts, whether cut."""
    start, fresh = None, True
    for index, code in enumerate(codes):
        blank, line_break, cut = code in _BLANKS, code in _BREAKS, code in _LINE_CUT
        if start is None:
            if not (blank or line_break or cut):
                start = index
        elif blank or line_break or cut:
            yield start, index, fresh, cut
            start, fresh = None, False
        if line_break or cut:
            fresh = True
    if start is not None:
        yield start, len(codes), fresh, False


def _split_mark(reader: _Reader, start: int, end: int, codes: list[int], size: float) -> int:
    """Where a footnote's mark at the end of a word begins, or ``end``."""
    cut = end
    while cut > start and 0x30 <= codes[cut - 1] <= 0x39:
        cut -= 1
    if cut in (start, end) or reader.size(cut) > SMALL * size:
        return end
    return cut


def _head_mark(reader: _Reader, start: int, stop: int, codes: list[int]) -> int:
    """Where the word after a footnote's mark printed against it begins, or ``start``."""
    head = start
    while head < stop and 0x30 <= codes[head] <= 0x39:
        head += 1
    if head in (start, stop) or reader.size(start) > SMALL * reader.size(head):
        return start
    return head


def words(reader: _Reader, codes: list[int]) -> Iterator[tuple[Word, bool]]:
    """The words of a page in text order, each with whether a line starts at it."""
    for start, end, fresh, cut in _runs(codes):
        head = _head_mark(reader, start, end, codes)
        if head > start:
            yield _word(reader, codes[start:head], start), fresh
            fresh = False
        stop = _split_mark(reader, head, end, codes, reader.size(head))
        word = _word(reader, codes[head:stop], head)
        if cut:
            word.text, word.broken = word.text + "-", True
        yield word, fresh


def _word(reader: _Reader, codes: list[int], start: int) -> Word:
    x0, x1 = reader.box(start)[0], reader.box(start + len(codes) - 1)[2]
    base = round(reader.base(start), 1)
    return Word("".join(map(chr, codes)), x0, x1, base, reader.size(start), *reader.style(start))


def lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The printed lines of a page in the order in which the file holds them."""
    textpage = page.get_textpage()
    try:
        count = max(0, raw.FPDFText_CountChars(textpage.raw))
        codes = [raw.FPDFText_GetUnicode(textpage.raw, index) for index in range(count)]
        grouped = _grouped(_Reader(textpage), codes)
    finally:
        textpage.close()
    return [Line(group, number) for group in grouped if _settle(group)]


def _grouped(reader: _Reader, codes: list[int]) -> list[list[Word]]:
    grouped: list[list[Word]] = []
    for word, fresh in words(reader, codes):
        if not grouped or not _same_line(grouped[-1][-1], word, fresh):
            grouped.append([])
        grouped[-1].append(word)
    return grouped


def _same_line(left: Word, right: Word, fresh: bool) -> bool:
    drift = abs(left.base - right.base)
    height = max(left.size, right.size)
    if right.x0 < left.x0 - height:
        return False
    return drift < 0.5 * height if not fresh else drift < 0.15 * height


def _settle(group: list[Word]) -> bool:
    """Takes footnote marks out of a line, unless they open it; False when nothing is left."""
    size = max(word.size for word in group)
    for word in group:
        word.raised = word.text.isdigit() and word.size < SMALL * size
    group[:] = [word for place, word in enumerate(group) if place == 0 or not word.raised]
    return bool(group)


def drawings(page: pdfium.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """What is drawn on a page: straight lines (thin paths, sides of frames), and dots.

    Browsers draw the bullets of lists as dots and print no character for them.
    """
    rules: list[Rule] = []
    dots: list[Rule] = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        x0, y0, x1, y1 = item.get_bounds()
        width, height = x1 - x0, y1 - y0
        if DOT[0] <= width <= DOT[1] and abs(width - height) < 0.2 * width:
            dots.append(Rule(x0, y0, x1, y1))
        elif width <= RULE or height <= RULE:
            if max(width, height) > RULE:
                rules.append(Rule(x0, y0, x1, y1))
        elif _is_frame(item):
            rules += _sides(x0, y0, x1, y1)
    return rules, dots


def _is_frame(item: pdfium.PdfObject) -> bool:
    """Whether a path is an outlined rectangle."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item.raw, fill, stroke)
    return bool(stroke.value) and raw.FPDFPath_CountSegments(item.raw) in (4, 5)


def _sides(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    return [
        Rule(x0, y0, x1, y0 + 0.5),
        Rule(x0, y1 - 0.5, x1, y1),
        Rule(x0, y0, x0 + 0.5, y1),
        Rule(x1 - 0.5, y0, x1, y1),
    ]
