"""The rows of an index, opened for reading: mapped, and decoded one by one."""

from __future__ import annotations

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
from search.columns import Columns
from search.rows.files import (
    BOUNDS,
    DATA,
    DIGESTS,
    DOCUMENTS,
    LABELS,
    OF,
    ORDER,
    STARTS,
    Kept,
    short,
)
from search.rows.model import DocumentRow, Row
from search.runs import Marks, Numbers, Runs

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
        digest = np.uint64(short(passage))
        first = int(np.searchsorted(self._digests, digest))
        last = int(np.searchsorted(self._digests, digest, side="right"))
        found = (int(number) for number in self._order[first:last])
        return next((number for number in found if rows[number].id == passage), None)


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


_row_decoder = msgspec.json.Decoder(Row)


def load(folder: Path) -> Rows:
    """Rows as :class:`Writer` left them, mapped and not read.

    :raises GenerationError: when a file is not what was written.
    """
    try:
        kept = msgspec.json.decode((folder / DOCUMENTS).read_bytes(), type=Kept)
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
