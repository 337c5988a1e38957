"""Vectors of passages and of their sentences.

Rows are of length 1, so scores are cosines. FAISS loads an altered file without complaint;
callers compare digests first.
"""

from __future__ import annotations

import shutil
from array import array
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder, Vectors
from search import near
from search.near import Move, Near
from search.runs import Marks, Numbers, Passing, Runs
from search.thesaurus import Term, Thesaurus

PASSAGES, SENTENCES, WORDINGS = "passages.faiss", "sentences.faiss", "wordings.faiss"
PASSAGE_ROWS, SENTENCE_ROWS, FIRST = "passages.f16", "sentences.f16", "first.npy"

_CHUNK = 1 << 13

ALIKE = 0.45
"""Cosine from which a wording of a term is like a query in meaning."""


class Writer:
    """Writes the vectors of one document after another, then the indexes over them."""

    def __init__(self, folder: Path, dimension: int, exact: int = near.EXACT) -> None:
        self._folder, self._dimension, self._exact = folder, dimension, exact
        self._passages = (folder / PASSAGE_ROWS).open("wb")
        self._sentences = (folder / SENTENCE_ROWS).open("wb")
        self._kept: list[Move] = []
        self._kept_sentences: list[Move] = []
        self._first = array("q", [0])

    @property
    def sentences(self) -> int:
        """How many sentences were written."""
        return self._first[-1]

    def add(self, passages: bytes, sentences: bytes, counts: list[int]) -> None:
        """Write rows of float16; ``counts`` has the number of sentences of each passage."""
        self._passages.write(passages)
        self._sentences.write(sentences)
        for count in counts:
            self._first.append(self._first[-1] + count)

    def take(self, base: Stored, first: int, last: int) -> None:
        """Write the vectors of another index's passages from one to, and not with, another."""
        starts = base.first[first : last + 1]
        begin, end = len(self._first) - 1, self._first[-1]
        self._kept.append(Move(first, last, begin))
        self._kept_sentences.append(Move(int(starts[0]), int(starts[-1]), end))
        _copy(base.passages[first:last], self._passages)
        _copy(base.sentences[starts[0] : starts[-1]], self._sentences)
        self._first.frombytes((starts[1:] + (end - starts[0])).tobytes())

    def close(self, thesaurus: Thesaurus, embedder: Embedder) -> None:
        """Finish the files and index them."""
        for rows, index, _ in self._finished():
            near.write(self._folder / index, _mapped(rows, self._dimension), self._exact)
        wordings = faiss.IndexFlatIP(self._dimension)
        wordings.add(embedder.encode([text for text, _ in thesaurus.wordings]))
        faiss.write_index(wordings, str(self._folder / WORDINGS))

    def close_over(self, base: Path) -> None:
        """Finish the files and index them as another index does, from which some were taken."""
        for rows, index, kept in self._finished():
            vectors = _mapped(rows, self._dimension)
            near.revise(self._folder / index, base / index, vectors, kept, self._exact)
        shutil.copyfile(base / WORDINGS, self._folder / WORDINGS)

    def _finished(self) -> tuple[tuple[Path, str, list[Move]], ...]:
        self._passages.close()
        self._sentences.close()
        np.save(self._folder / FIRST, np.array(self._first, dtype=np.int64), allow_pickle=False)
        return (
            (self._folder / PASSAGE_ROWS, PASSAGES, self._kept),
            (self._folder / SENTENCE_ROWS, SENTENCES, self._kept_sentences),
        )


class Stored(NamedTuple):
    """Vectors as they are stored, mapped, and the first sentence of each passage."""

    passages: near.Rows
    sentences: near.Rows
    first: Numbers

    @classmethod
    def load(cls, folder: Path, dimension: int) -> Stored:
        """Those of an index."""
        passages = _mapped(folder / PASSAGE_ROWS, dimension)
        sentences = _mapped(folder / SENTENCE_ROWS, dimension)
        return cls(passages, sentences, np.load(folder / FIRST, mmap_mode="r"))


class Dense:
    """The vectors of one generation, opened for reading."""

    def __init__(self, folder: Path, dimension: int) -> None:
        faiss.omp_set_num_threads(1)  # one query is too short to share; waiting costs more
        self._passages = Near(folder / PASSAGES, _mapped(folder / PASSAGE_ROWS, dimension))
        self._sentences = Near(folder / SENTENCES, _mapped(folder / SENTENCE_ROWS, dimension))
        self._wordings: Any = faiss.read_index(str(folder / WORDINGS), faiss.IO_FLAG_MMAP_IFC)
        self._first: Numbers = np.load(folder / FIRST, mmap_mode="r", allow_pickle=False)

    @property
    def passages(self) -> int:
        """How many passages have a vector."""
        return self._passages.count

    @property
    def sentences(self) -> int:
        """How many sentences have a vector."""
        return self._sentences.count

    def nearest(self, query: Vectors, limit: int, allowed: Marks | None = None) -> Numbers:
        """Passages that are nearest, or hold one of the nearest sentences, of those marked."""
        passages = None if allowed is None else Passing(allowed)
        sentences = None if allowed is None else Passing(allowed, self._first)
        by_passage = self._passages.search(query, limit, passages)
        by_sentence = self._sentences.search(query, 4 * limit, sentences)
        owners = np.searchsorted(self._first, by_sentence, side="right") - 1
        return np.union1d(by_passage, owners)

    def scores(self, query: Vectors, rows: Numbers) -> tuple[Vectors, Vectors, Numbers]:
        """Cosine of each passage, cosine of its best sentence, and which sentence that is."""
        numbers = self._sentences_of(rows)
        passages = self._passages.cosines(query, rows)
        sentences = self._sentences.cosines(query, numbers)
        best, place = _highest(sentences, self._first[rows + 1] - self._first[rows])
        return passages, best, place

    def of_sentences(self, query: Vectors, rows: Numbers) -> tuple[list[tuple[int, int]], Vectors]:
        """Every sentence of some passages as (passage, place in it), and its cosine."""
        places = [
            (int(row), at) for row in rows for at in range(self._first[row + 1] - self._first[row])
        ]
        return places, self._sentences.cosines(query, self._sentences_of(rows))

    def alike(self, query: Vectors, thesaurus: Thesaurus, limit: int = 3) -> list[Term]:
        """The terms that are like a query in meaning, nearest first."""
        cosines, found = self._wordings.search(query[np.newaxis], min(20, self._wordings.ntotal))
        close = (
            thesaurus.wordings[number][1]
            for cosine, number in zip(cosines[0], found[0], strict=True)
            if cosine > ALIKE
        )
        return list(dict.fromkeys(close))[:limit]

    def vector(self, row: int) -> Vectors:
        """The vector of one passage."""
        return np.asarray(self._passages.vectors(row, row + 1)[0], dtype=np.float32)

    def sentence_vectors(self, row: int) -> Vectors:
        """The vectors of the sentences of one passage."""
        return self._sentences.vectors(int(self._first[row]), int(self._first[row + 1]))

    def _sentences_of(self, rows: Numbers) -> Numbers:
        return Runs(self._first[rows], self._first[rows + 1]).rows()


def _highest(values: Vectors, lengths: Numbers) -> tuple[Vectors, Numbers]:
    """The highest of each stretch of values, none of them empty, and its place: the first."""
    starts = np.cumsum(lengths) - lengths
    best = np.maximum.reduceat(values, starts) if len(starts) else values
    equal = np.flatnonzero(values == np.repeat(best, lengths))
    return best, equal[np.searchsorted(equal, starts)] - starts


def _copy(rows: near.Rows, file: BinaryIO) -> None:
    for at in range(0, len(rows), _CHUNK):
        file.write(rows[at : at + _CHUNK].tobytes())


def _mapped(path: Path, dimension: int) -> NDArray[np.float16]:
    """Rows of a file, mapped; an empty file cannot be."""
    if not path.stat().st_size:
        return np.empty((0, dimension), dtype=np.float16)
    return np.memmap(path, dtype=np.float16, mode="r").reshape(-1, dimension)
