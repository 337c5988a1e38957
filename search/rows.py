"""What the index knows of each passage, and how records become rows.

One row a passage, in the order of the vectors and of the term index. A row holds all
that a result shows, so that search needs no other part of a generation.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kg.errors import GenerationError
from kg.model import Document, FindingClaim, Passage, Record, Sentence
from kg.quads.ids import claim_id
from kg.sentences import sentences
from search.columns import Columns
from search.runs import Marks, Numbers, Runs
from search.words import plain


class DocumentRow(msgspec.Struct, frozen=True):
    """A document as a result names it. What is unknown is None."""

    id: str
    title: str
    file: str
    kind: str
    date: str | None = None
    publisher: str | None = None
    authority: str | None = None


class FindingRow(msgspec.Struct, frozen=True):
    """A finding in a passage. ``id`` is the part of its IRI after ``{base}id/``."""

    id: str
    start: int
    end: int
    polarity: str
    themes: tuple[str, ...]
    assertor: str


class Row(msgspec.Struct, frozen=True):
    """A passage. ``sentences`` are offsets inside ``text``, all others in the stored text."""

    id: str
    document: int
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    kind: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    findings: tuple[FindingRow, ...] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of its findings."""
        return _distinct(theme for finding in self.findings for theme in finding.themes)

    @property
    def polarities(self) -> tuple[str, ...]:
        """Polarities of its findings."""
        return _distinct(finding.polarity for finding in self.findings)

    @property
    def assertors(self) -> tuple[str, ...]:
        """Who its findings are said by."""
        return _distinct(finding.assertor for finding in self.findings)

    @property
    def embedded(self) -> str:
        """The words whose vector stands for the passage: its heading, then its text."""
        heading = plain(self.headings[-1]) if self.headings else ""
        return f"{heading}. {plain(self.text)}" if heading else plain(self.text)

    @property
    def indexed(self) -> str:
        """The words that the term index counts."""
        return " ".join((*self.headings[-1:], self.text))

    def sentence(self, at: int) -> str:
        """One sentence on one line."""
        start, end = self.sentences[at]
        return plain(self.text[start:end])


_PIECE = 1 << 22

HELD = 4096
"""Decoded rows that are held: those of the last searches."""


class Passages(Sequence[Row]):
    """The rows of an index, each decoded when it is asked for: a million would fill memory."""

    def __init__(self, data: bytes | memoryview, bounds: Numbers, documents: Numbers) -> None:
        self._data, self._documents = memoryview(data), documents
        self.bounds = bounds
        self._decoded = lru_cache(maxsize=HELD)(self._decode)

    def encoded(self, rows: slice) -> Iterator[memoryview]:
        """The bytes of rows that stand together, a few megabytes at a time."""
        first, last = int(self.bounds[rows.start]), int(self.bounds[rows.stop])
        return (self._data[at : min(at + _PIECE, last)] for at in range(first, last, _PIECE))

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        count = len(self._documents)
        if not -count <= at < count:
            raise IndexError(at)
        return self._decoded(int(at) % count)

    def _decode(self, number: int) -> Row:
        row = _row_decoder.decode(self._data[self.bounds[number] : self.bounds[number + 1]])
        return replace(row, document=int(self._documents[number]))


@dataclass(frozen=True)
class Rows:
    """All rows of an index with the documents they stand in.

    ``of`` has the number of each row's document, ``edges`` the number of each document's first
    row and at its end that of all, ``starts`` where each row begins in its text; ``labels`` has
    by field and value the numbers of the rows that bear it, ``columns`` the same of documents.
    """

    documents: tuple[DocumentRow, ...]
    passages: Passages
    of: Numbers
    edges: Numbers
    starts: Numbers
    labels: Labels
    columns: Columns
    ids: Ids

    def document_of(self, row: Row) -> DocumentRow:
        """The document that a passage stands in."""
        return self.documents[row.document]

    def number(self, passage: str) -> int | None:
        """The number of the row of a passage, or None."""
        return self.ids.number(passage, self.passages)

    def within(self, documents: Iterable[int]) -> Numbers:
        """The numbers of all rows of some documents, in order: those of each stand together."""
        wanted = np.array(sorted(documents), dtype=np.int64)
        return Runs(self.edges[wanted], self.edges[wanted + 1]).rows()

    def of_documents(self, marks: Marks) -> Marks:
        """Which rows stand in the documents marked."""
        return np.repeat(marks, np.diff(self.edges))


class Labels:
    """Which rows bear a theme, a polarity or an assertor: lists of numbers, one after another."""

    def __init__(self, places: Mapping[str, tuple[int, int]], numbers: Numbers) -> None:
        self._places, self._numbers = places, numbers

    def within(self, rows: slice) -> Iterator[tuple[str, Numbers]]:
        """The labels of some rows that stand together, each with those that bear it."""
        for label, (first, last) in self._places.items():
            numbers = self._numbers[first:last]
            here = slice(*np.searchsorted(numbers, (rows.start, rows.stop)))
            yield label, numbers[here]

    def marks(self, field: str, values: Iterable[str], count: int) -> Marks:
        """Which of ``count`` rows bear one of the values."""
        marks = np.zeros(count, dtype=bool)
        for value in values:
            first, last = self._places.get(f"{field}:{value}", (0, 0))
            marks[self._numbers[first:last]] = True
        return marks


class Ids:
    """Passage ids to row numbers by sorted digests; the row itself has the last word."""

    def __init__(self, digests: NDArray[np.uint64], order: Numbers) -> None:
        self._digests, self._order = digests, order
        self._turn: NDArray[np.uint64] | None = None

    @classmethod
    def of(cls, digests: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Numbers]:
        """Digests of rows in turn: in order, and whose they are."""
        order = np.argsort(digests, kind="stable")
        return digests[order], order.astype(np.int64)

    def digests(self) -> NDArray[np.uint64]:
        """The digests of rows in turn."""
        if self._turn is None:
            self._turn = np.empty(len(self._order), dtype=np.uint64)
            self._turn[self._order] = self._digests
        return self._turn

    def number(self, passage: str, rows: Passages) -> int | None:
        """The number of the row with an id, or None."""
        digest = np.uint64(_short(passage))
        first = int(np.searchsorted(self._digests, digest))
        last = int(np.searchsorted(self._digests, digest, side="right"))
        found = (int(number) for number in self._order[first:last])
        return next((number for number in found if rows[number].id == passage), None)


class Writer:
    """Writes the rows of one document after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / DATA).open("wb")
        self._ends, self._of, self._starts = array("q", [0]), array("q"), array("q")
        self._digests = array("Q")
        self._labels: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self.documents: list[DocumentRow] = []

    @property
    def passages(self) -> int:
        """How many rows were written."""
        return len(self._of)

    def add(self, document: DocumentRow, rows: Sequence[Row]) -> None:
        """Write one document's."""
        for row in rows:
            number = len(self._of)
            data = msgspec.json.encode(row)
            self._file.write(data)
            self._ends.append(self._ends[-1] + len(data))
            self._of.append(len(self.documents))
            self._starts.append(row.start)
            self._digests.append(_short(row.id))
            for label in _labels(row):
                self._labels[label].append(number)
        self.documents.append(document)

    def take(self, base: Rows, first: int, last: int) -> None:
        """Write the documents of another index from one to, and not with, another."""
        rows = slice(int(base.edges[first]), int(base.edges[last]))
        bounds = base.passages.bounds[rows.start : rows.stop + 1]
        moved, ahead = len(self._of) - rows.start, len(self.documents) - first
        for data in base.passages.encoded(rows):
            self._file.write(data)
        _extend(self._ends, bounds[1:] + (self._ends[-1] - bounds[0]))
        _extend(self._of, base.of[rows] + ahead)
        _extend(self._starts, base.starts[rows])
        _extend(self._digests, base.ids.digests()[rows])
        for label, numbers in base.labels.within(rows):
            _extend(self._labels[label], numbers + moved)
        self.documents.extend(base.documents[first:last])

    def close(self) -> None:
        """Finish the files."""
        self._file.close()
        digests, order = Ids.of(np.array(self._digests, dtype=np.uint64))
        places, at = {}, 0
        for label, numbers in sorted(self._labels.items()):
            places[label] = (at, at + len(numbers))
            at += len(numbers)
        flat = array("q")
        for _, numbers in sorted(self._labels.items()):
            flat.extend(numbers)
        arrays = {
            BOUNDS: np.array(self._ends, dtype=np.int64),
            OF: np.array(self._of, dtype=np.int64),
            STARTS: np.array(self._starts, dtype=np.int64),
            DIGESTS: digests,
            ORDER: order,
            LABELS: np.array(flat, dtype=np.int64),
        }
        for name, values in arrays.items():
            np.save(self._folder / name, values, allow_pickle=False)
        kept = _Kept(tuple(self.documents), places)
        (self._folder / DOCUMENTS).write_bytes(msgspec.json.encode(kept))


DATA, DOCUMENTS = "rows.jsonb", "documents.json"
BOUNDS, OF, STARTS = "bounds.npy", "of.npy", "starts.npy"
DIGESTS, ORDER, LABELS = "digests.npy", "order.npy", "labels.npy"


class _Kept(msgspec.Struct, frozen=True):
    documents: tuple[DocumentRow, ...]
    labels: dict[str, tuple[int, int]]


_row_decoder = msgspec.json.Decoder(Row)


def load(folder: Path) -> Rows:
    """Rows as :class:`Writer` left them, mapped and not read.

    :raises GenerationError: when a file is not what was written.
    """
    try:
        kept = msgspec.json.decode((folder / DOCUMENTS).read_bytes(), type=_Kept)
    except msgspec.DecodeError as error:
        raise GenerationError(
            f"The search index at {folder / DOCUMENTS} cannot be read.",
            why=str(error),
            cure="Build again.",
        ) from error
    data: bytes | memoryview = b""
    if (folder / DATA).stat().st_size:
        data = np.memmap(folder / DATA, dtype=np.uint8, mode="r").data
    of = _mapped(folder / OF)
    return Rows(
        kept.documents,
        Passages(data, _mapped(folder / BOUNDS), of),
        of,
        np.searchsorted(of, np.arange(len(kept.documents) + 1)),
        _mapped(folder / STARTS),
        Labels(kept.labels, _mapped(folder / LABELS)),
        Columns(map(_described, kept.documents)),
        Ids(_mapped(folder / DIGESTS), _mapped(folder / ORDER)),
    )


def _described(document: DocumentRow) -> tuple[dict[str, Sequence[str]], str | None]:
    named = dict.fromkeys((document.id, document.file))
    authority = (document.authority,) if document.authority else ()
    return {
        "document": tuple(named),
        "kind": (document.kind,),
        "authority": authority,
    }, document.date


def _mapped(path: Path) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped


def _extend(held: array[int], values: NDArray[Any]) -> None:
    """Add whole numbers of eight bytes to an array of them."""
    held.frombytes(np.ascontiguousarray(values).tobytes())


def _short(identifier: str) -> int:
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest())


def _labels(row: Row) -> Iterator[str]:
    fields = (("theme", row.themes), ("polarity", row.polarities), ("assertor", row.assertors))
    return (f"{field}:{value}" for field, values in fields for value in values)


def of_record(record: Record) -> tuple[DocumentRow, tuple[Row, ...]]:
    """One document's row and those of its passages, as if it were the only one."""
    return _document_row(record.document), tuple(_passage_rows(record, 0))


def _document_row(document: Document) -> DocumentRow:
    what = document.identity

    def value(name: str) -> str | None:
        stated = getattr(what, name)
        return None if stated is None else plain(stated.value)

    return DocumentRow(
        id=document.id,
        title=value("title") or document.file,
        file=document.file,
        kind=what.kind,
        date=value("date"),
        publisher=value("publisher"),
        authority=value("authority"),
    )


def _passage_rows(record: Record, number: int) -> Iterable[Row]:
    split = sentences(record.document)
    findings = [claim for claim in record.claims if isinstance(claim, FindingClaim)]
    for passage in record.passages:
        inside = [f for f in findings if passage.start <= f.start < passage.end]
        yield Row(
            id=passage.id,
            document=number,
            start=passage.start,
            end=passage.end,
            page=passage.page,
            headings=passage.headings,
            kind=passage.kind,
            text=record.document.quote(passage.start, passage.end),
            sentences=_within(passage, split),
            findings=tuple(_finding_row(record.document.id, claim) for claim in inside),
        )


def _finding_row(document: str, claim: FindingClaim) -> FindingRow:
    return FindingRow(
        id=claim_id(document, claim),
        start=claim.start,
        end=claim.end,
        polarity=claim.polarity,
        themes=claim.themes,
        assertor=claim.assertor,
    )


def _within(passage: Passage, split: Sequence[Sentence]) -> tuple[tuple[int, int], ...]:
    """The parts of sentences that lie in a passage; the passage itself when there are none."""
    places = [
        (max(s.start, passage.start) - passage.start, min(s.end, passage.end) - passage.start)
        for s in split
        if s.start < passage.end and s.end > passage.start
    ]
    return tuple(places) or ((0, passage.end - passage.start),)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
