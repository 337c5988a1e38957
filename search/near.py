"""Nearest vectors: exact while that is fast, by cells of the space beyond.

Vectors stand in a file of float16 rows, mapped and never read whole. Beside it lies a FAISS
index. Up to ``EXACT`` vectors it is flat: exact, and one look at each takes under 10 ms. Beyond,
it parts the space into cells (IVF) whose vectors are kept in a byte a dimension, and looks
into the nearest cells alone; what it proposes is scored again with the vectors themselves.
IVF and not HNSW: it is built many times as fast, is mapped from disk, and takes filters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from kg.embed import Vectors, normalised

Numbers = NDArray[np.int64]
Rows = NDArray[np.float16]

EXACT = 60_000
"""Vectors up to which every one is looked at."""

SHARE = 0.1
"""Share of the cells that a search looks into, of a million vectors; it falls with the root of
their number. Passages lie in no clear clusters: of 100,000 moved a little from real ones, a
quarter of the cells held all of the ten nearest, a sixth 93 per cent of them."""

LEAST_CELLS = 24
"""The fewest cells that a search looks into."""

AGAIN = 4
"""Proposals for each result, to be scored again with the exact vectors."""

FEW = 20_000
"""Rows that pass a filter up to which each is scored and no index asked."""

_PER_CELL, _LEAST_OF_CELL, _CHUNK = 64, 40, 1 << 16


def write(path: Path, vectors: Rows, exact: int = EXACT) -> None:
    """Index rows of float16 at ``path``; ``exact`` is the number up to which it is flat."""
    count, dimension = vectors.shape
    index = faiss.IndexFlatIP(dimension) if count <= exact else _trained(vectors)
    for start in range(0, count, _CHUNK):
        index.add(normalised(vectors[start : start + _CHUNK]))
    faiss.write_index(index, str(path))


def _trained(vectors: Rows) -> Any:
    """Cells for twice the root of the number of vectors, learnt from evenly spaced ones."""
    count, dimension = vectors.shape
    cells = max(1, min(int(2 * count**0.5), count // _LEAST_OF_CELL))
    index: Any = faiss.index_factory(dimension, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = 10
    index.cp.max_points_per_centroid = _PER_CELL
    sample = np.linspace(0, count - 1, min(count, cells * _PER_CELL)).astype(np.int64)
    index.train(normalised(vectors[sample]))
    return index


class Near:
    """Vectors and their index, opened for reading."""

    def __init__(self, path: Path, vectors: Rows) -> None:
        index = _open(path, faiss.IO_FLAG_MMAP_IFC)
        self.exact = isinstance(index, faiss.IndexFlat)
        if not self.exact:  # the lists of an index with cells are mapped by another flag
            index = _open(path, faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        self._index, self._vectors = index, vectors

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return len(self._vectors)

    def search(self, query: Vectors, limit: int, allowed: Numbers | None = None) -> Numbers:
        """The rows nearest to a query, best first; ``allowed`` are the only ones to consider."""
        if not self.count or (allowed is not None and not len(allowed)):
            return np.empty(0, dtype=np.int64)
        if self.exact:
            return self._ask(query, limit, None if allowed is None else _flat(allowed))
        if allowed is not None and len(allowed) <= FEW:
            return self._best(query, limit, allowed)
        return self._best(query, limit, self._proposed(query, AGAIN * limit, allowed))

    def cosines(self, query: Vectors, rows: Numbers) -> Vectors:
        """Cosines of some rows. By FAISS: numpy would wait for its threads when it is busy."""
        found = normalised(self._vectors[rows])
        cosines = np.empty(len(rows), dtype=np.float32)
        out, left, right = (faiss.swig_ptr(each) for each in (cosines, query, found))
        products: Any = faiss.fvec_inner_products_ny  # type: ignore[attr-defined]
        products(out, left, right, query.shape[0], len(rows))
        return cosines

    def vectors(self, first: int, last: int) -> Vectors:
        """The rows from one number to the one before another."""
        return normalised(self._vectors[first:last])

    def _best(self, query: Vectors, limit: int, rows: Numbers) -> Numbers:
        order = np.argsort(-self.cosines(query, rows), kind="stable")[:limit]
        return rows[order]

    def _proposed(self, query: Vectors, limit: int, allowed: Numbers | None) -> Numbers:
        cells = self._index.nlist
        share = SHARE * (1_000_000 / self.count) ** 0.5
        if allowed is None:
            selector = None
        else:
            bits = _bits(allowed, self.count)
            selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            share *= min(10.0, self.count / len(allowed))
        nprobe = min(cells, max(LEAST_CELLS, int(share * cells)))
        parameters = faiss.SearchParametersIVF(nprobe=nprobe, sel=selector)  # type: ignore[call-arg]
        return self._ask(query, limit, parameters)

    def _ask(self, query: Vectors, limit: int, parameters: Any) -> Numbers:
        limit = min(limit, self.count)
        _, found = self._index.search(query[np.newaxis], limit, params=parameters)
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)


def _open(path: Path, flags: int) -> Any:
    return faiss.read_index(str(path), flags)


def _flat(allowed: Numbers) -> Any:
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]


def _bits(allowed: Numbers, count: int) -> NDArray[np.uint8]:
    marks = np.zeros(count, dtype=bool)
    marks[allowed] = True
    return np.packbits(marks, bitorder="little")
