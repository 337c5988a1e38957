"""PDF, by pdfium: printed lines with their places, then structure."""

from __future__ import annotations

import pypdfium2 as pdfium

from kg.errors import DocumentTooLarge, EmptyDocument, EncryptedDocument, UnreadableDocument
from kg.readers import pdf_page
from kg.readers.limits import ReaderLimits
from kg.structure.contents import as_tables
from kg.structure.dots import with_dots
from kg.structure.flow import Flow
from kg.structure.furniture import without_furniture
from kg.structure.lines import Line, Rule
from kg.structure.notes import split_notes
from kg.structure.pieces import Piece
from kg.structure.tables import aligned, ruled

_PASSWORD = 4


def pieces(data: bytes, limits: ReaderLimits) -> list[Piece]:
    """The structure of a PDF's text layer.

    Raises EncryptedDocument, EmptyDocument (no text layer), DocumentTooLarge (pages) and
    UnreadableDocument (damaged).
    """
    pdf = _opened(data)
    try:
        if len(pdf) > limits.pages:
            raise DocumentTooLarge(
                f"It has {len(pdf)} pages.",
                why=f"The limit is {limits.pages}.",
                cure="Split it, or raise the limit on pages.",
            )
        pages = [_page(pdf, number) for number in range(1, len(pdf) + 1)]
    finally:
        pdf.close()
    if not any(lines for lines, _, _ in pages):
        raise EmptyDocument(
            "The PDF holds no text.",
            why="It is empty or a scan: pictures of pages without a text layer.",
            cure="Run it through OCR (for example ocrmypdf) and add the result.",
        )
    return _structure(pages)


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise EncryptedDocument(
                "The PDF is encrypted.",
                why="It opens only with a password.",
                cure="Save a copy without a password and add that.",
            ) from error
        raise UnreadableDocument(
            "The PDF is damaged.", why=f"{error}".rstrip(".") + ".", cure="Download it again."
        ) from error


def _page(pdf: pdfium.PdfDocument, number: int) -> tuple[list[Line], list[Rule], float]:
    try:
        page = pdf[number - 1]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(
            f"Page {number} of the PDF is damaged.", why=f"{error}.", cure="Download it again."
        ) from error
    try:
        rules, dots = pdf_page.drawings(page)
        return with_dots(pdf_page.lines(page, number), dots), rules, page.get_height()
    finally:
        page.close()


def _structure(pages: list[tuple[list[Line], list[Rule], float]]) -> list[Piece]:
    kept = without_furniture([(lines, height) for lines, _, height in pages])
    flow = Flow([line for lines in kept for line in lines])
    for lines, (_, rules, _) in zip(kept, pages, strict=True):
        text, notes = split_notes(lines, flow.body)
        flow.page_of(aligned(as_tables(ruled(text, rules))), notes)
    return _titled(flow.pieces())


def _titled(pieces: list[Piece]) -> list[Piece]:
    """Makes the first heading of the top level the title, and a last line no heading."""
    if pieces[-1].kind == "heading" and len(pieces) > 1:
        pieces[-1].kind, pieces[-1].level = "paragraph", 1
    for piece in pieces:
        if piece.kind == "heading" and piece.level == 1:
            piece.kind = "title"
            break
    return pieces
