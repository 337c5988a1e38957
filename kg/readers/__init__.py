"""Files to documents: text, structure and places, by what the bytes are and never by name.

    bytes ──detect──▶ format ──read in a child process──▶ pieces ──assemble──▶ Document

:func:`read` is the one entry. The parsers run in a child process with limits on memory and
time (:mod:`kg.readers.jail`), so that a hostile file can at worst cost that process.
"""

from __future__ import annotations

from pathlib import Path

from kg.model import Document
from kg.readers.jail import close, shared
from kg.readers.limits import DEFAULT_LIMITS, ReaderLimits

__all__ = ["DEFAULT_LIMITS", "ReaderLimits", "close", "read"]


def read(path: Path, file: str, limits: ReaderLimits = DEFAULT_LIMITS) -> Document:
    """The document that a file holds, not yet identified.

    ``file`` is the path by which users know it. The id is a placeholder made from the
    file's SHA-256. Raises a :class:`kg.errors.UnreadableDocument` of the kind that fits.
    """
    return shared(limits).read(path, file)
