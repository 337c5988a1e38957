"""Writing the rows of an index, one document after another."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

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
from search.rows.table import Ids, Rows


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
            self._digests.append(short(row.id))
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
        kept = Kept(tuple(self.documents), places)
        (self._folder / DOCUMENTS).write_bytes(msgspec.json.encode(kept))


def _extend(held: array[int], values: NDArray[Any]) -> None:
    """Add whole numbers of eight bytes to an array of them."""
    held.frombytes(np.ascontiguousarray(values).tobytes())


def _labels(row: Row) -> Iterator[str]:
    fields = (("theme", row.themes), ("polarity", row.polarities), ("assertor", row.assertors))
    return (f"{field}:{value}" for field, values in fields for value in values)
