"""What the child process does with one file: detect, read, assemble."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.errors import DocumentTooLarge, EmptyDocument
from kg.model import Document
from kg.readers.detect import detect
from kg.readers.limits import MIB, ReaderLimits
from kg.structure.loops import once
from kg.structure.pieces import Piece, assemble

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}


def convert(path: Path, file: str, limits: ReaderLimits) -> Document:
    """Reads a file in this process. Raises UnreadableDocument and its kinds."""
    data = _bytes(path, limits)
    kind, pieces = _pieces(data, limits)
    pieces = once([piece for piece in pieces if piece.text or piece.rows])
    if not any(any(map(str.isalnum, _words(piece))) for piece in pieces):
        raise EmptyDocument(
            "The file holds no text.", why="No words were found in it.", cure="Check the file."
        )
    return assemble(
        pieces, file=file, sha256=hashlib.sha256(data).hexdigest(), media_type=MEDIA_TYPES[kind]
    )


def _words(piece: Piece) -> str:
    return piece.text + "".join(cell for row in piece.rows for cell in row)


def _bytes(path: Path, limits: ReaderLimits) -> bytes:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise DocumentTooLarge(
            f"The file has {size / MIB:.0f} MiB.",
            why=f"The limit is {limits.file_bytes / MIB:.0f} MiB.",
            cure="Split it, or raise the limit on file size.",
        )
    data = path.read_bytes()
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyDocument("The file is empty.", cure="Download or export it again.")
    return data


def _pieces(data: bytes, limits: ReaderLimits) -> tuple[str, list[Piece]]:
    kind: str = detect(data)
    if kind == "pdf":
        from kg.readers import pdf

        return kind, pdf.pieces(data, limits)
    if kind == "docx":
        from kg.readers import word

        return kind, word.pieces(data, limits)
    if kind == "html":
        from kg.readers import html

        return kind, html.pieces(data, limits)
    from kg.readers import text

    return text.pieces(data, limits)
