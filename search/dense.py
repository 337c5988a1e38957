"""Vectors of passages and of their sentences in two FAISS indexes.

Both are flat: exact, and filtered without loss. Rows are of length 1, so scores are
cosines. FAISS loads an altered file without complaint; callers compare digests first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder, Vectors
from search.rows import Row
from search.thesaurus import Term, Thesaurus

Numbers = NDArray[np.int64]

PASSAGES, SENTENCES, OWNERS = "passages.faiss", "sentences.faiss", "owners.npy"
WORDINGS = "wordings.faiss"

ALIKE = 0.45
"""Cosine from which a wording of a term is like a query in meaning."""


def write(folder: Path, rows: Sequence[Row], thesaurus: Thesaurus, embedder: Embedder) -> int:
    """Embed rows and terms and write their vectors; the number of sentences comes back."""
    texts = [row.sentence(at) for row in rows for at in range(len(row.sentences))]
    owners = np.repeat(np.arange(len(rows)), [len(row.sentences) for row in rows])
    _write_flat(folder / PASSAGES, embedder.encode([row.embedded for row in rows]))
    _write_flat(folder / SENTENCES, embedder.encode(texts))
    _write_flat(folder / WORDINGS, embedder.encode([text for text, _ in thesaurus.wordings]))
    np.save(folder / OWNERS, owners.astype(np.int64), allow_pickle=False)
    return len(texts)


def _write_flat(path: Path, vectors: Vectors) -> None:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(path))


class Dense:
    """The vectors of one generation, opened for reading."""

    def __init__(self, folder: Path) -> None:
        faiss.omp_set_num_threads(1)  # one query is too short to share; waiting costs more
        self._passages = _read_flat(folder / PASSAGES)
        self._sentences = _read_flat(folder / SENTENCES)
        self._wordings = _read_flat(folder / WORDINGS)
        self._owners: Numbers = np.load(folder / OWNERS, mmap_mode="r", allow_pickle=False)
        self._first = np.searchsorted(self._owners, np.arange(self._passages.ntotal + 1))

    @property
    def passages(self) -> int:
        """How many passages have a vector."""
        return int(self._passages.ntotal)

    @property
    def sentences(self) -> int:
        """How many sentences have a vector."""
        return int(self._sentences.ntotal)

    def nearest(self, query: Vectors, limit: int, allowed: Numbers | None = None) -> Numbers:
        """Passages that are nearest, or hold one of the nearest sentences."""
        by_passage = _search(self._passages, query, limit, allowed)
        spans = None if allowed is None else self._sentences_of(allowed)
        by_sentence = _search(self._sentences, query, 4 * limit, spans)
        return np.union1d(by_passage, self._owners[by_sentence])

    def scores(self, query: Vectors, rows: Numbers) -> tuple[Vectors, Vectors, Numbers]:
        """Cosine of each passage, cosine of its best sentence, and which sentence that is."""
        numbers = self._sentences_of(rows)
        passages = _cosines(self._passages, query, rows)
        sentences = _cosines(self._sentences, query, numbers)
        bounds = np.concatenate(([0], np.cumsum(self._first[rows + 1] - self._first[rows])))
        best = np.array([np.argmax(sentences[a:b]) for a, b in pairwise(bounds)], dtype=np.int64)
        return passages, sentences[bounds[:-1] + best], best

    def of_sentences(self, query: Vectors, rows: Numbers) -> tuple[list[tuple[int, int]], Vectors]:
        """Every sentence of some passages as (passage, place in it), and its cosine."""
        places = [
            (int(row), at) for row in rows for at in range(self._first[row + 1] - self._first[row])
        ]
        return places, _cosines(self._sentences, query, self._sentences_of(rows))

    def alike(self, query: Vectors, thesaurus: Thesaurus, limit: int = 3) -> list[Term]:
        """The terms that are like a query in meaning, nearest first."""
        cosines, found = self._wordings.search(query[np.newaxis], min(20, self._wordings.ntotal))
        near = (
            thesaurus.wordings[number][1]
            for cosine, number in zip(cosines[0], found[0], strict=True)
            if cosine > ALIKE
        )
        return list(dict.fromkeys(near))[:limit]

    def vector(self, row: int) -> Vectors:
        """The vector of one passage."""
        return np.asarray(self._passages.reconstruct(row), dtype=np.float32)

    def sentence_vectors(self, row: int) -> Vectors:
        """The vectors of the sentences of one passage."""
        numbers = range(int(self._first[row]), int(self._first[row + 1]))
        found = [self._sentences.reconstruct(number) for number in numbers]
        return np.array(found, dtype=np.float32)

    def _sentences_of(self, rows: Numbers) -> Numbers:
        counts = self._first[rows + 1] - self._first[rows]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.asarray(np.repeat(self._first[rows], counts) + offsets, dtype=np.int64)


def _search(index: Any, query: Vectors, limit: int, allowed: Numbers | None) -> Numbers:
    if not index.ntotal:
        return np.empty(0, dtype=np.int64)
    parameters = None
    if allowed is not None:
        parameters = faiss.SearchParameters(  # type: ignore[call-arg]
            sel=faiss.IDSelectorBatch(allowed)
        )
    _, found = index.search(query[np.newaxis], min(limit, index.ntotal), params=parameters)
    return np.asarray(found[0][found[0] >= 0], dtype=np.int64)


def _cosines(index: Any, query: Vectors, rows: Numbers) -> Vectors:
    """Cosines of some rows, by FAISS: numpy would wait for its threads on a busy machine."""
    cosines = np.empty(len(rows), dtype=np.float32)
    vector, out, labels = (faiss.swig_ptr(array) for array in (query, cosines, rows))
    index.compute_distance_subset(1, vector, len(rows), out, labels)
    return cosines


def _read_flat(path: Path) -> Any:
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
