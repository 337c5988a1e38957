"""Whether a zip archive may be unpacked, decided before a byte of it is."""

from __future__ import annotations

import io
import zipfile
import zlib

from kg.errors import DocumentTooLarge, UnreadableDocument
from kg.readers.limits import MIB, ReaderLimits

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00D\x00O\x00C\x00T", b"<\x00!\x00E\x00N\x00T")


def check(data: bytes, limits: ReaderLimits) -> None:
    """Refuses an archive that unpacks to too much, reaches outside itself or declares entities.

    Sizes are counted while unpacking, since an archive may declare false ones. Raises
    DocumentTooLarge or UnreadableDocument.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), len(data), limits)
            _check_contents(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UnreadableDocument(
            "The DOCX is damaged.", why=f"{error}.", cure="Download or export it again."
        ) from error
    except RuntimeError as error:
        raise UnreadableDocument(
            "The DOCX cannot be unpacked.", why=f"{error}.", cure="Save it without a password."
        ) from error


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, limits: ReaderLimits) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.archive_entries:
        raise _bomb(f"It has {len(entries)} parts; the limit is {limits.archive_entries}.")
    if total > limits.archive_bytes:
        limit = limits.archive_bytes // MIB
        raise _bomb(f"It unpacks to {total / MIB:.0f} MiB; the limit is {limit}.")
    if total > MIB and total > limits.archive_ratio * packed:
        raise _bomb(f"It unpacks to {total // packed} times its size.")
    names = [entry.filename for entry in entries]
    if any(_escapes(name) for name in names):
        raise UnreadableDocument(
            "The DOCX is hostile.",
            why="Names of its parts reach outside the archive.",
            cure="Do not open it; ask for it again from its source.",
        )
    if len(set(names)) != len(names):
        raise UnreadableDocument(
            "The DOCX is damaged.", why="Two of its parts have one name.", cure="Export it again."
        )


def _escapes(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/")


def _check_contents(archive: zipfile.ZipFile, limits: ReaderLimits) -> None:
    total = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            head = part.read(4096)
            if entry.filename.endswith((".xml", ".rels")) and any(d in head for d in _DECLARATIONS):
                raise UnreadableDocument(
                    "The DOCX is hostile.",
                    why="Its XML declares a document type or entities, which no DOCX needs.",
                    cure="Do not open it; ask for it again from its source.",
                )
            total += len(head)
            while chunk := part.read(MIB):
                total += len(chunk)
                if total > limits.archive_bytes:
                    raise _bomb(f"It unpacks to more than {limits.archive_bytes // MIB} MiB.")


def _bomb(why: str) -> DocumentTooLarge:
    return DocumentTooLarge(
        "The DOCX unpacks to too much.",
        why=why,
        cure="Do not open it unless you trust its source; then raise the limits on archives.",
    )
