"""Documents as they were read, in one SQLite file: what pages and the API show.

Written once while a generation is built, then only read. Offsets count characters, as in
every record.
"""

from __future__ import annotations

import shutil
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from kg.model import Document, DocumentKind, Passage, Record

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL,
    date TEXT, publisher TEXT, authority TEXT, media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL, passages INTEGER NOT NULL,
    body BLOB NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE passage (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, place INTEGER NOT NULL,
    body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX passage_document ON passage (document, place);
"""

_FORGET = ("DELETE FROM passage WHERE document = ?", "DELETE FROM document WHERE id = ?")

_SUMMARY = "id, title, file, kind, date, publisher, authority, media_type, sha256, passages"


class Summary(msgspec.Struct, frozen=True):
    """One line of the list of documents."""

    id: str
    title: str
    file: str
    kind: DocumentKind
    date: str | None
    publisher: str | None
    authority: str | None
    media_type: str
    sha256: str
    passages: int


def write(path: Path, records: Iterable[Record]) -> int:
    """A new catalogue of these records; their number. Synced to disk before it returns."""
    return _fill(path, records, _SCHEMA)


def revise(base: Path, path: Path, records: Iterable[Record]) -> int:
    """A copy of another catalogue in which these records are added or exchanged; their number."""
    shutil.copyfile(base, path)
    return _fill(path, records, "")


def _fill(path: Path, records: Iterable[Record], first: str) -> int:
    count = 0
    with sqlite3.connect(path) as connection:
        connection.executescript(first)
        for record in records:
            _insert(connection, record)
            count += 1
    connection.execute("PRAGMA optimize")
    connection.close()
    return count


def _insert(connection: sqlite3.Connection, record: Record) -> None:
    summary = summarise(record)
    for statement in _FORGET:
        connection.execute(statement, (summary.id,))
    body = msgspec.json.encode(replace(record.document, text=""))
    row = (*msgspec.structs.astuple(summary), body, record.document.text)
    connection.execute(f"INSERT INTO document VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    ordered = sorted(record.passages, key=lambda passage: passage.start)
    rows = ((p.id, p.document, n, msgspec.json.encode(p)) for n, p in enumerate(ordered))
    connection.executemany("INSERT INTO passage VALUES (?, ?, ?, ?)", rows)


def summarise(record: Record) -> Summary:
    """What the list of documents says of one."""
    document, identity = record.document, record.document.identity
    return Summary(
        document.id,
        identity.title.value if identity.title else document.file,
        document.file,
        identity.kind,
        identity.date.value if identity.date else None,
        identity.publisher.value if identity.publisher else None,
        identity.authority.value if identity.authority else None,
        document.media_type,
        document.sha256,
        len(record.passages),
    )


class _Paged(msgspec.Struct):
    """Of a document's body, where its pages begin."""

    pages: tuple[int, ...] = ()


class Catalogue:
    """A catalogue opened for reading; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._pages: dict[str, tuple[int, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def documents(self) -> list[Summary]:
        """All documents, by id."""
        rows = self._connection.execute(f"SELECT {_SUMMARY} FROM document ORDER BY id")  # noqa: S608
        return [Summary(*row) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """One document with its text and blocks, or None."""
        query = "SELECT body, text FROM document WHERE id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        if row is None:
            return None
        return replace(msgspec.json.decode(row[0], type=Document), text=row[1])

    def page(self, document_id: str, offset: int) -> int | None:
        """The page (from 1) of a place in a document; None without pages or the document."""
        if document_id not in self._pages:
            query = "SELECT body FROM document WHERE id = ?"
            row = self._connection.execute(query, (document_id,)).fetchone()
            found = msgspec.json.decode(row[0], type=_Paged).pages if row else ()
            self._pages[document_id] = found
        return bisect_right(self._pages[document_id], offset) or None

    def text(self, document_id: str, start: int = 0, end: int | None = None) -> str | None:
        """The stored text of a document between two offsets, or None without the document."""
        length = 2**30 if end is None else end - start
        query = "SELECT substr(text, ?, ?) FROM document WHERE id = ?"
        row = self._connection.execute(query, (start + 1, length, document_id)).fetchone()
        return None if row is None else str(row[0])

    def passage(self, passage_id: str) -> Passage | None:
        """One passage, or None."""
        query = "SELECT body FROM passage WHERE id = ?"
        row = self._connection.execute(query, (passage_id,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Passage)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in reading order."""
        query = "SELECT body FROM passage WHERE document = ? ORDER BY place"
        rows = self._connection.execute(query, (document_id,))
        return tuple(msgspec.json.decode(row[0], type=Passage) for row in rows)

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, document by document in reading order."""
        rows = self._connection.execute("SELECT body FROM passage ORDER BY document, place")
        return (msgspec.json.decode(row[0], type=Passage) for row in rows)
