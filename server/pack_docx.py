"""The meeting pack as a Word document that a screen reader can find its way through.

Headings are real headings, the first row of a table is its header on every page, and each
note is a link to its source in the list at the end, which links to the words themselves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from search.pack import Pack, Section

SOURCES = "Sources"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that text of a PDF may hold and XML may not."""


class Source(msgspec.Struct, frozen=True):
    """One note: the document and page in words, and the address of the quotation."""

    name: str
    href: str


def written(title: str, about: Sequence[str], pack: Pack, sources: Sequence[Source]) -> bytes:
    """The bytes of the document."""
    made = Document()
    made.core_properties.title = _clean(title)
    made.core_properties.language = "en-GB"
    _speak_english(made)
    made.add_heading(_clean(title), 0)
    for line in about:
        made.add_paragraph(_clean(line))
    for section in pack.sections:
        _section(made, section)
    _sources(made, sources)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _clean(text: str) -> str:
    """The text without what XML cannot hold, and with the cells of a table's row in one line."""
    return _NOT_XML.sub("", text).replace("\t", " ")


def _speak_english(made: Any) -> None:
    """Tell screen readers and spelling checkers that the text is British English."""
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _section(made: Any, section: Section) -> None:
    made.add_heading(section.title, 1)
    made.add_paragraph(section.lead)
    if not section.items and not section.rows:
        made.add_paragraph(section.empty)
    if section.rows:
        _table(made, section)
    for item in section.items:
        if section.key == "questions":
            _noted(made.add_paragraph(_clean(item.text), "List Number"), item.notes)
            continue
        _noted(made.add_heading(_clean(item.text), 2), item.notes)
        if item.detail:
            made.add_paragraph(_clean(item.detail))
        for quote in item.quotes:
            said = f"{quote.said}: " if quote.said else ""
            words = _clean(f"{said}“{quote.text}”")
            _noted(made.add_paragraph(words, "List Bullet"), (quote.note,))
    if section.more:
        made.add_paragraph(f"{section.more} more are not shown.")


def _table(made: Any, section: Section) -> None:
    """A table with a header row that is repeated, and the notes as its last column."""
    columns = (*section.columns, "Sources")
    table = made.add_table(1, len(columns), "Table Grid")
    for cell, words in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for row in section.rows:
        cells = table.add_row().cells
        for cell, words in zip(cells, row.cells, strict=False):
            cell.text = _clean(words)
        _noted(cells[-1].paragraphs[0], row.notes)


def _noted(paragraph: Any, notes: Iterable[int]) -> None:
    """The numbers of notes after a line, each a link into the list of sources."""
    for number in notes:
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"note-{number}")
        run = paragraph.add_run(f" [{number}]")
        link.append(run._r)
        paragraph._p.append(link)


def _sources(made: Any, sources: Sequence[Source]) -> None:
    made.add_heading(SOURCES, 1)
    for number, source in enumerate(sources, 1):
        paragraph = made.add_paragraph()
        _bookmark(paragraph, number)
        paragraph.add_run(f"{number}. ")
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), made.part.relate_to(source.href, RELATIONSHIP_TYPE.HYPERLINK, True))
        run = paragraph.add_run(_clean(source.name))
        run.underline = True
        link.append(run._r)
        paragraph._p.append(link)


def _bookmark(paragraph: Any, number: int) -> None:
    """The place that a note's link leads to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
        paragraph._p.append(mark)
    start.set(qn("w:name"), f"note-{number}")
