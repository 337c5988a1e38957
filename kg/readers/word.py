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
        self._children(self.word.element.body)
        self.pieces += _footnotes(self.word)
        return self.pieces if self.styled else from_lines(self.pieces)

    def _children(self, element: etree._Element) -> None:
        """Paragraphs and tables in order, those inside content controls and text boxes too."""
        for child in element:
            if child.tag == qn("w:p"):
                self._paragraph(Paragraph(child, self.word._body))
                for box in _boxes(child):
                    self._children(box)
            elif child.tag == qn("w:tbl"):
                self._table(Table(child, self.word._body))
            elif child.tag in _WRAPPERS:
                self._children(child)

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


_WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:customXml", "w:smartTag")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_SILENT = frozenset({_FALLBACK, _BOX, qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr")})
_PRINTED = {qn("w:tab"): "\t", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}


def _element_text(element: etree._Element) -> str:
    """What a paragraph prints: insertions and links, but not deletions or text boxes."""
    parts: list[str] = []
    for node in element:
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag in _PRINTED:
            parts.append(_PRINTED[node.tag])
        elif node.tag not in _SILENT:
            parts.append(_element_text(node))
    return "".join(parts)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph, each once."""
    for node in element:
        if node.tag == _BOX:
            yield node
        elif node.tag != _FALLBACK:
            yield from _boxes(node)


def _footnotes(word: Word) -> list[Piece]:
    """The document's footnotes; their marks are counted as Word does."""
    found: list[Piece] = []
    for relation in word.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            notes = [note for note in root if note.get(qn("w:type")) is None]
            texts = [" ".join(clean(_cell_text(note)).split()) for note in notes]
            found += [Piece("footnote", text, mark=f"{n}") for n, text in enumerate(texts, 1)]
    return found


def _heading_level(paragraph: Paragraph) -> int:
    name = paragraph.style.name if paragraph.style is not None else ""
    match = _HEADING.match(name or "")
    return int(match[1]) if match else 0


def _could_head(text: str) -> bool:
    return len(text.split()) <= 16 and text[-1] not in ".;,:"


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)
