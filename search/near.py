"""Nearest vectors: exact while that is fast, by short codes beyond.

Vectors stand in a file of float16 rows, mapped and never read whole. Beside it lies a FAISS
index. Up to ``EXACT`` vectors it is flat: exact, and one look at each takes under 10 ms. Beyond,
it parts the space into cells (IVF) whose vectors are kept as codes of four bits for two or four
dimensions, which the processor compares 32 at a time in its registers (4 or 2 ns a vector);
what it proposes is scored again with the vectors themselves.
Codes that cheap allow for looking at most of them, which is what questions need: they lie apart
from all passages, and what is nearest to them is scattered over many cells.
IVF and not HNSW: it is built many times as fast, and takes filters.

A filter that lets few pass makes all of them looked at, without the index. One that lets many
pass is kept to after proposing, with as many more proposals. Between the two the index itself
asks the filter, and looks through more cells, since what passes may lie far from the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from kg.embed import Vectors, normalised
from search.runs import Numbers, Passing

Rows = NDArray[np.float16]

EXACT = 60_000
"""Vectors up to which every one is looked at in full."""

WHOLE = 1_000_000
"""Vectors up to which every code is looked at; of more, the share falls with the root of their
number (measured by ``python -m benchmarks size``)."""

PAIRS = 2_000_000
"""Vectors up to which a code stands for two dimensions, of more for four: longer codes need fewer
proposals, shorter ones less memory."""

AGAIN, LEAST = 8, 800
"""Proposals for each result, to be scored again with the exact vectors, and the fewest."""

FEW, FEW_OF, MANY = 20_000, 50, 0.2
"""Rows that pass a filter up to which each is scored and no index asked: that many, or one in so
many of all, which takes as long as all codes do; and the share of all from which the filter is
kept to after proposing."""

GROWN = 1.25
"""How many times as many cells as it has may suit an index before they are learnt anew."""

_SCORED = 2048
"""Vectors that are fetched and scored at a time: as many as the processor's cache holds."""

_ONE_QUERY = 11
"""FAISS's way to look through codes for one query at a time; its own choice takes half as long
again, with the same results."""

_PER_CELL, _LEAST_OF_CELL, _CHUNK = 48, 40, 1 << 16


def write(path: Path, vectors: Rows, exact: int = EXACT) -> None:
    """Index rows of float16 at ``path``; ``exact`` is the number up to which it is flat."""
    count, dimension = vectors.shape
    flat = count <= max(exact, _LEAST_OF_CELL)
    index = faiss.IndexFlatIP(dimension) if flat else _trained(vectors)
    for start in range(0, count, _CHUNK):
        index.add(normalised(vectors[start : start + _CHUNK]))
    faiss.write_index(index, str(path))


class Move(NamedTuple):
    """Rows of an index, from one to, and not with, another, that stand elsewhere in the next."""

    first: int
    last: int
    to: int


def revise(path: Path, base: Path, vectors: Rows, kept: Sequence[Move], exact: int = EXACT) -> None:
    """Index rows of which some stand, in the same order, in another index.

    Cells are learnt anew only once their number no longer suits that of the vectors.
    """
    count = len(vectors)
    if count > max(exact, _LEAST_OF_CELL):
        index: Any = faiss.read_index(str(base))
        suited = not isinstance(index, faiss.IndexFlat) and _cells(count) < GROWN * index.nlist
        if suited and index.ntotal == sum(move.last - move.first for move in kept):
            _renumber(index, kept)
            for first, last in _others(kept, count):
                for at in range(first, last, _CHUNK):
                    rows = np.arange(at, min(at + _CHUNK, last), dtype=np.int64)
                    index.add_with_ids(normalised(vectors[rows]), rows)
            faiss.write_index(index, str(path))
            return
    write(path, vectors, exact)


def _renumber(index: Any, kept: Sequence[Move]) -> None:
    """Give the vectors in an index the numbers that they have now."""
    first = np.array([move.first for move in kept], dtype=np.int64)
    ahead = np.array([move.to - move.first for move in kept], dtype=np.int64)
    for cell in range(index.nlist):
        size = index.invlists.list_size(cell)
        if size:
            numbers = faiss.rev_swig_ptr(index.invlists.get_ids(cell), size)
            numbers += ahead[np.searchsorted(first, numbers, side="right") - 1]


def _others(kept: Sequence[Move], count: int) -> Iterator[tuple[int, int]]:
    """The rows that were not kept, as runs."""
    at = 0
    for move in kept:
        yield at, move.to
        at = move.to + move.last - move.first
    yield at, count


def _cells(count: int) -> int:
    return max(1, min(int(count**0.5), count // _LEAST_OF_CELL))


def _trained(vectors: Rows) -> Any:
    """As many cells as the root of the number of vectors, learnt from evenly spaced ones."""
    count, dimension = vectors.shape
    cells = _cells(count)
    sizes = (2, 1) if count <= PAIRS else (4, 2, 1)
    size = next(each for each in sizes if dimension % each == 0)
    made = f"IVF{cells},PQ{dimension // size}x4fs"
    index: Any = faiss.index_factory(dimension, made, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = 10
    index.cp.max_points_per_centroid = _PER_CELL
    sample = np.linspace(0, count - 1, min(count, _sample(cells))).astype(np.int64)
    index.train(normalised(vectors[sample]))
    return index


def _sample(cells: int) -> int:
    return max(cells, 256) * _PER_CELL


class Near:
    """Vectors and their index, opened for reading."""

    def __init__(self, path: Path, vectors: Rows) -> None:
        index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self.exact = isinstance(index, faiss.IndexFlat)
        if not self.exact:
            index.implem = _ONE_QUERY
        self._index, self._vectors = index, vectors

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return len(self._vectors)

    def search(self, query: Vectors, limit: int, allowed: Passing | None = None) -> Numbers:
        """The rows nearest to a query, best first; ``allowed`` are the only ones to consider."""
        share = 1.0 if allowed is None else allowed.share
        if not share or not self.count:
            return np.empty(0, dtype=np.int64)
        if self.exact:
            return self._ask(query, limit, faiss.SearchParameters, allowed)
        if allowed is not None and share * self.count <= max(FEW, self.count // FEW_OF):
            return self._best(query, limit, allowed.rows())
        found = self._proposed(query, max(LEAST, AGAIN * limit), allowed, share)
        return self._best(query, limit, found)

    def _proposed(
        self, query: Vectors, proposals: int, allowed: Passing | None, share: float
    ) -> Numbers:
        """Rows that are near by their codes, of those that pass."""
        probed = (WHOLE / self.count) ** 0.5
        if allowed is None or share >= MANY:
            wanted = int(proposals / share)
            found = np.sort(self._cells(query, wanted, probed))  # neighbours are fetched together
            return found if allowed is None else found[allowed.of(found)]
        return self._cells(query, proposals, probed * (MANY / share) ** 0.5, allowed)

    def _cells(
        self, query: Vectors, limit: int, probed: float, allowed: Passing | None = None
    ) -> Numbers:
        """The rows with the nearest codes in a share of all cells."""
        probe = max(1, round(self._index.nlist * min(1.0, probed)))
        return self._ask(query, limit, faiss.SearchParametersIVF, allowed, nprobe=probe)

    def cosines(self, query: Vectors, rows: Numbers) -> Vectors:
        """Cosines of some rows, in their order."""
        cosines = np.empty(len(rows), dtype=np.float32)
        if not len(rows):
            return cosines
        if not self.exact:
            scores, places = self._scored(query, rows, len(rows))
            cosines[places] = scores
        else:
            products: Any = faiss.fvec_inner_products_by_idx  # type: ignore[attr-defined]
            out, left, numbers = (faiss.swig_ptr(each) for each in (cosines, query, rows))
            products(out, left, self._index.get_xb(), numbers, query.shape[0], 1, len(rows))
        return cosines

    def vectors(self, first: int, last: int) -> Vectors:
        """The rows from one number to the one before another."""
        return normalised(self._vectors[first:last])

    def _best(self, query: Vectors, limit: int, rows: Numbers) -> Numbers:
        """The nearest of some rows."""
        scores, best = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        for start in range(0, len(rows), _SCORED):
            some = rows[start : start + _SCORED]
            more, found = self._scored(query, some, limit)
            scores, best = np.append(scores, more), np.append(best, some[found])
            order = np.argsort(-scores, kind="stable")[:limit]
            scores, best = scores[order], best[order]
        return best

    def _scored(self, query: Vectors, rows: Numbers, limit: int) -> tuple[Vectors, Numbers]:
        """Cosines of the nearest of some rows, best first, and their places among them: by their
        float16 as they stand, of length 1 when they were rounded."""
        scorer: Any = faiss.IndexScalarQuantizer(
            query.shape[0], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        scorer.is_trained = True
        scorer.add_sa_codes(self._vectors[rows].view(np.uint8))
        scores, found = scorer.search(query[np.newaxis], min(limit, len(rows)))
        return scores[0], found[0]

    def _ask(
        self, query: Vectors, limit: int, kind: Any, allowed: Passing | None, **how: Any
    ) -> Numbers:
        if allowed is not None:
            bits = allowed.bits(self.count)
            how["sel"] = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        limit = min(limit, self.count)
        _, found = self._index.search(query[np.newaxis], limit, params=kind(**how))
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)
