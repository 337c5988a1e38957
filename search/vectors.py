"""Vectors as search sees them, wherever they live, and what a store of vectors must do.

Dense (FAISS files of a generation)  ┐
                                     ├─ DenseVectors ◀── Searcher, Finder
RemoteDense over a VectorStore       ┘
    └─ MilvusStore
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import msgspec

from kg.embed import Vectors
from kg.remote.push import Stamp
from search.runs import Marks, Numbers
from search.thesaurus import Term, Thesaurus

Kind = Literal["passages", "sentences"]


class DenseVectors(Protocol):
    """The vectors of one generation. Rows are numbers of passages; scores are cosines."""

    @property
    def passages(self) -> int:
        """How many passages have a vector."""
        ...

    @property
    def sentences(self) -> int:
        """How many sentences have a vector."""
        ...

    def nearest(self, query: Vectors, limit: int, allowed: Marks | None = None) -> Numbers:
        """Passages that are nearest, or hold one of the nearest sentences, of those marked."""
        ...

    def scores(self, query: Vectors, rows: Numbers) -> tuple[Vectors, Vectors, Numbers]:
        """Cosine of each passage, cosine of its best sentence, and which sentence that is."""
        ...

    def of_sentences(self, query: Vectors, rows: Numbers) -> tuple[list[tuple[int, int]], Vectors]:
        """Every sentence of some passages as (passage, place in it), and its cosine."""
        ...

    def alike(self, query: Vectors, thesaurus: Thesaurus, limit: int = 3) -> list[Term]:
        """The terms that are like a query in meaning, nearest first."""
        ...

    def vector(self, row: int) -> Vectors:
        """The vector of one passage."""
        ...


class Made(msgspec.Struct, frozen=True):
    """What vectors were made with; those made otherwise do not compare."""

    model: str
    dimension: int
    precision: str = "float32"


class Entry(msgspec.Struct, frozen=True):
    """One vector: a passage by its id, or a sentence by its passage and place."""

    id: str
    passage: str
    vector: Vectors


class Where(msgspec.Struct, frozen=True):
    """Which vectors are searched: of these documents, or of these passages."""

    documents: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


class VectorStore(Protocol):
    """A store of vectors, changed document by document."""

    def require(self, made: Made) -> None:
        """Refuse vectors that do not compare with the stored ones."""
        ...

    def search(
        self, kind: Kind, query: Vectors, limit: int, where: Where | None = None
    ) -> list[tuple[str, float]]:
        """The nearest by id with their cosines, best first."""
        ...

    def vector(self, passage: str) -> Vectors | None:
        """The vector of one passage."""
        ...

    def upsert(self, kind: Kind, document: str, entries: Sequence[Entry]) -> None:
        """Add vectors of a document, or exchange those of the same id."""
        ...

    def delete(self, document: str, keep: Iterable[str] = ()) -> None:
        """Take away the vectors of a document, save those of some passages."""
        ...

    def digests(self) -> dict[str, str]:
        """The digest of every document that is stored completely."""
        ...

    def note(self, document: str, digest: str | None) -> None:
        """Keep the digest of a document, or forget it."""
        ...

    def stamp(self) -> Stamp | None:
        """Which generation is stored completely."""
        ...

    def finish(self, stamp: Stamp) -> None:
        """Say that a generation is stored completely."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
