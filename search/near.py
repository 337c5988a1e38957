"""Nearest vectors: exact while that is fast, by short codes beyond.

Vectors stand in a file of float16 rows, mapped and never read whole. Beside it lies a FAISS
index. Up to ``EXACT`` vectors it is flat: exact, and one look at each takes under 10 ms. Beyond,
it parts the space into cells (IVF) whose vectors are kept as codes of four bits for two
dimensions, which the processor compares 32 at a time in its registers (3 ns a vector, an eighth
of what a byte a dimension takes); what it proposes is scored again with the vectors themselves.
Codes that cheap allow for looking at most of them, which is what questions need: they lie apart
from all passages, and what is nearest to them is scattered over many cells.
IVF and not HNSW: it is built many times as fast, and takes filters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from kg.embed import Vectors, normalised
from search.runs import Runs

Numbers = NDArray[np.int64]
Rows = NDArray[np.float16]

EXACT = 60_000
"""Vectors up to which every one is looked at in full."""

WHOLE = 500_000
"""Vectors up to which every code is looked at; of more, the share falls with the root of their
number (measured by ``python -m benchmarks size``)."""

AGAIN, LEAST = 4, 400
"""Proposals for each result, to be scored again with the exact vectors, and the fewest."""

FEW, FEW_OF = 20_000, 40
"""Rows that pass a filter up to which each is scored and no index asked: that many, or one
in so many of all."""

_SCORED = 2048
"""Vectors that are fetched and scored at a time: as many as the processor's cache holds."""

_ONE_QUERY = 11
"""FAISS's way to look through codes for one query at a time; its own choice takes half as long
again, with the same results."""

_PER_CELL, _LEAST_OF_CELL, _CHUNK = 64, 40, 1 << 16


def write(path: Path, vectors: Rows, exact: int = EXACT) -> None:
    """Index rows of float16 at ``path``; ``exact`` is the number up to which it is flat."""
    count, dimension = vectors.shape
    flat = count <= max(exact, _LEAST_OF_CELL)
    index = faiss.IndexFlatIP(dimension) if flat else _trained(vectors)
    for start in range(0, count, _CHUNK):
        index.add(normalised(vectors[start : start + _CHUNK]))
    faiss.write_index(index, str(path))


def _trained(vectors: Rows) -> Any:
    """Cells for half the root of the number of vectors, learnt from evenly spaced ones."""
    count, dimension = vectors.shape
    cells = max(1, min(int(count**0.5 / 2), count // _LEAST_OF_CELL))
    made = f"IVF{cells},PQ{dimension // 2}x4fs"
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

    def search(self, query: Vectors, limit: int, allowed: Runs | None = None) -> Numbers:
        """The rows nearest to a query, best first; ``allowed`` are the only ones to consider."""
        passing = self.count if allowed is None else allowed.total
        if not passing:
            return np.empty(0, dtype=np.int64)
        if self.exact:
            return self._ask(query, limit, faiss.SearchParameters, allowed)
        if allowed is not None and passing <= max(FEW, self.count // FEW_OF):
            return self._best(query, limit, allowed.rows())
        probe = max(1, round(self._index.nlist * min(1.0, (WHOLE / passing) ** 0.5)))
        proposals = max(LEAST, AGAIN * limit)
        found = self._ask(query, proposals, faiss.SearchParametersIVF, allowed, nprobe=probe)
        return self._best(query, limit, found)

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
        """The nearest of some rows, by their float16 as they stand: of length 1 when rounded."""
        scorer: Any = faiss.IndexScalarQuantizer(
            query.shape[0], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        scorer.is_trained = True
        scores, best = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        for start in range(0, len(rows), _SCORED):
            some = rows[start : start + _SCORED]
            scorer.reset()
            scorer.add_sa_codes(self._vectors[some].view(np.uint8))
            more, found = scorer.search(query[np.newaxis], min(limit, len(some)))
            scores, best = np.append(scores, more[0]), np.append(best, some[found[0]])
            order = np.argsort(-scores, kind="stable")[:limit]
            scores, best = scores[order], best[order]
        return best

    def _ask(
        self, query: Vectors, limit: int, kind: Any, allowed: Runs | None, **how: Any
    ) -> Numbers:
        if allowed is not None:
            bits = allowed.bits(self.count)
            how["sel"] = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        limit = min(limit, self.count)
        _, found = self._index.search(query[np.newaxis], limit, params=kind(**how))
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)
