"""DOCX, by python-docx: paragraphs by style and numbering, tables with their cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from kg.errors import UnreadableDocument
from kg.readers import archive
from kg.readers.decode import clean
from kg.readers.limits import ReaderLimits
from kg.readers.word_numbers import Numbering
from kg.structure.marks import FIRST_MARK, SECOND_MARK
from kg.structure.pieces import Piece
from kg.structure.plain import from_lines

_HEADING = re.compile(r"heading (\d)$", re.I)
_TITLE = re.compile(r"(title|document title)$", re.I)
_LIST = re.compile(r"list (bullet|number)\s*(\d?)", re.I)
_CONTENTS = re.compile(r"(toc \d|toc heading|table of figures)", re.I)


def pieces(data: bytes, limits: ReaderLimits) -> list[Piece]:
    """The structure of a DOCX. Raises UnreadableDocument when it is damaged or hostile."""
    archive.check(data, limits)
    try:
        word = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(
            "The DOCX is damaged.",
            why=f"Its parts do not make a document: {error}.",
            cure="Open it in a word processor and save it again.",
        ) from error
    return _Reader(word).read()


class _Reader:
    """Goes through a document's body in order."""

    def __init__(self, word: Word) -> None:
        self.word = word
        self.numbering = Numbering(word)
        self.pieces: list[Piece] = []
        self.styled = any(_heading_level(p) for p in word.paragraphs)

    def read(self) -> list[Piece]:
        """The pieces of the body; a document without heading styles is read as plain text."""
        for item in self.word.iter_inner_content():
            if isinstance(item, Table):
                self._table(item)
            else:
                self._paragraph(item)
        return self.pieces if self.styled else from_lines(self.pieces)

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = _text(paragraph)
        if not text:
            return
        style = paragraph.style.name if paragraph.style is not None else ""
        name = style or ""
        if _CONTENTS.match(name):
            self._contents(text)
        elif _TITLE.match(name):
            self.pieces.append(Piece("title", text))
        elif level := _heading_level(paragraph):
            mark = self.numbering.mark(paragraph)
            self.pieces.append(Piece("heading", text, level, mark.printed if mark else ""))
        else:
            self._body(paragraph, text, name)

    def _contents(self, text: str) -> None:
        cells = tuple(part.strip() for part in text.split("\t") if part.strip())
        if self.pieces and self.pieces[-1].kind == "table":
            self.pieces[-1].rows = (*self.pieces[-1].rows, cells)
        else:
            self.pieces.append(Piece("table", rows=(cells,)))

    def _body(self, paragraph: Paragraph, text: str, style: str) -> None:
        mark = self.numbering.mark(paragraph)
        text = " ".join(text.split())
        listed = _LIST.match(style)
        depth = int(listed[2] or 1) if listed else 1
        if mark is not None and mark.bullet:
            self._bullet(text, max(mark.level, depth))
        elif mark is not None:
            self.pieces.append(Piece("numbered", text, max(mark.level, depth), mark.printed))
        elif listed:
            self._bullet(text, depth)
        elif self.styled and _is_bold(paragraph) and _could_head(text):
            self.pieces.append(Piece("heading", text, 5))
        else:
            self.pieces.append(Piece("paragraph", text))

    def _bullet(self, text: str, level: int) -> None:
        printed = FIRST_MARK if level == 1 else SECOND_MARK
        self.pieces.append(Piece("bullet", text, level, printed))

    def _table(self, table: Table) -> None:
        rows = tuple(_cells(row) for row in _rows(table))
        rows = tuple(row for row in rows if any(row))
        if len(rows) == 1 and len(rows[0]) == 1:
            self.pieces.append(Piece("paragraph", rows[0][0]))
        elif rows:
            self.pieces.append(Piece("table", rows=rows))


def _rows(table: Table) -> Iterator[list[etree._Element]]:
    for row in table._tbl.tr_lst:
        yield list(row.tc_lst)


def _cells(row: list[etree._Element]) -> tuple[str, ...]:
    return tuple(" ".join(clean(_cell_text(cell)).split()) for cell in row)


def _cell_text(cell: etree._Element) -> str:
    return " ".join(_element_text(paragraph) for paragraph in cell.iter(qn("w:p")))


def _text(paragraph: Paragraph) -> str:
    return clean(_element_text(paragraph._p)).strip()


_DROPPED = frozenset({qn("w:delText"), qn("w:instrText")})


def _element_text(element: etree._Element) -> str:
    """What a paragraph prints: insertions and links included, deletions and notes' marks not."""
    parts: list[str] = []
    for node in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif node.getparent().tag == qn("w:r"):
            parts.append("\t" if node.tag == qn("w:tab") else " ")
    return "".join(parts)


def _heading_level(paragraph: Paragraph) -> int:
    name = paragraph.style.name if paragraph.style is not None else ""
    match = _HEADING.match(name or "")
    return int(match[1]) if match else 0


def _could_head(text: str) -> bool:
    return len(text.split()) <= 16 and text[-1] not in ".;,:"


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)
