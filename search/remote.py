"""Dense search over a store of vectors elsewhere, and publishing a generation's to it.

Publishing adds before it takes away: readers of the generation before go on finding their
vectors until the stamp tells of the next.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from kg.embed import Vectors
from kg.remote.push import Pushed, Stamp
from search.dense import Dense
from search.index import Index
from search.milvus import MOST, MilvusStore
from search.rows import Row, Rows
from search.runs import Marks, Numbers
from search.thesaurus import Term, Thesaurus
from search.vectors import Entry, Kind, Made, VectorStore, Where

FEW = 200
"""Passages whose cosines are asked for in one request."""


class RemoteDense:
    """The vectors of one generation in a store; its rows and wordings stay here.

    A row that the store does not have, as while another generation is published, has cosine 0.
    """

    def __init__(self, store: VectorStore, index: Index) -> None:
        store.require(made_with(index))
        rows = index.rows
        self._store, self._rows, self._local = store, rows.passages, index.local
        self._documents = [document.id for document in rows.documents]
        self._numbers = {row.id: number for number, row in enumerate(rows.passages)}
        owners = np.array([row.document for row in rows.passages], dtype=np.int64)
        self._counts = np.bincount(owners, minlength=len(self._documents))

    @property
    def passages(self) -> int:
        """How many passages have a vector."""
        return self._local.passages

    @property
    def sentences(self) -> int:
        """How many sentences have a vector."""
        return self._local.sentences

    def nearest(self, query: Vectors, limit: int, allowed: Marks | None = None) -> Numbers:
        """Passages that are nearest, or hold one of the nearest sentences, of those marked."""
        where = None if allowed is None else self._where(allowed)
        passages = (name for name, _ in self._store.search("passages", query, limit, where))
        spans = (
            name.rpartition("#")[0]
            for name, _ in self._store.search("sentences", query, 4 * limit, where)
        )
        found = {self._numbers[name] for name in (*passages, *spans) if name in self._numbers}
        return np.array(sorted(found), dtype=np.int64)

    def scores(self, query: Vectors, rows: Numbers) -> tuple[Vectors, Vectors, Numbers]:
        """Cosine of each passage, cosine of its best sentence, and which sentence that is."""
        _, sentences = self.of_sentences(query, rows)
        passages = dict(self._cosines("passages", query, rows))
        own = np.array([passages.get(self._rows[n].id, 0.0) for n in rows], dtype=np.float32)
        lengths = [len(self._rows[n].sentences) for n in rows]
        bounds = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        best = np.array([np.argmax(sentences[a:b]) for a, b in pairwise(bounds)], dtype=np.int64)
        return own, sentences[bounds[:-1] + best], best

    def of_sentences(self, query: Vectors, rows: Numbers) -> tuple[list[tuple[int, int]], Vectors]:
        """Every sentence of some passages as (passage, place in it), and its cosine."""
        held = dict(self._cosines("sentences", query, rows))
        places = [(int(n), at) for n in rows for at in range(len(self._rows[n].sentences))]
        cosines = [held.get(f"{self._rows[n].id}#{at}", 0.0) for n, at in places]
        return places, np.array(cosines, dtype=np.float32)

    def alike(self, query: Vectors, thesaurus: Thesaurus, limit: int = 3) -> list[Term]:
        """The terms that are like a query in meaning, nearest first."""
        return self._local.alike(query, thesaurus, limit)

    def vector(self, row: int) -> Vectors:
        """The vector of one passage."""
        found = self._store.vector(self._rows[row].id)
        return self._local.vector(row) if found is None else found

    def _cosines(self, kind: Kind, query: Vectors, rows: Numbers) -> Iterator[tuple[str, float]]:
        numbers = rows.tolist()
        for start in range(0, len(numbers), FEW):
            some = numbers[start : start + FEW]
            where = Where(passages=tuple(self._rows[n].id for n in some))
            yield from self._store.search(kind, query, MOST, where)

    def _where(self, allowed: Marks) -> Where:
        """Documents that pass whole, and single passages of the others."""
        passing: dict[int, list[int]] = defaultdict(list)
        for number in np.flatnonzero(allowed).tolist():
            passing[self._rows[number].document].append(number)
        whole = {d for d, numbers in passing.items() if len(numbers) == self._counts[d]}
        single = [n for d, numbers in passing.items() if d not in whole for n in numbers]
        return Where(
            tuple(self._documents[d] for d in sorted(whole)),
            tuple(self._rows[n].id for n in single),
        )


def push(
    index: Index, target: MilvusStore, stamp: Stamp, step: Callable[[], None] = lambda: None
) -> tuple[Pushed, Callable[[], None]]:
    """Make a store hold the vectors of a generation, document by document; resumable.

    What comes back is called once readers know of the generation: it sets the stamp and takes
    away what only the generation before had.
    """
    rows, local, how = index.rows, index.local, made_with(index)
    target.create(how)
    held = target.digests()
    numbers: dict[str, list[int]] = {document.id: [] for document in rows.documents}
    for number, row in enumerate(rows.passages):
        numbers[rows.documents[row.document].id].append(number)
    wanted = {name: _digest(rows, local, some, how) for name, some in numbers.items()}
    changed = [name for name in wanted if held.get(name) != wanted[name]]
    gone = [name for name in held if name not in wanted]
    for name in changed:
        target.note(name, None)
        for kind in ("passages", "sentences"):
            target.upsert(kind, name, list(_entries(kind, rows, local, numbers[name])))
        step()

    def finish() -> None:
        target.finish(stamp)
        for name in changed:
            target.delete(name, keep=[rows.passages[n].id for n in numbers[name]])
            target.note(name, wanted[name])
        for name in gone:
            target.delete(name)
            target.note(name, None)

    done = Pushed(stamp.name, len(changed), len(gone), len(wanted) - len(changed), "vectors")
    return done, finish


def made_with(index: Index) -> Made:
    """What the vectors of an index were made with."""
    return Made(index.settings.model, index.settings.dimension)


def _entries(kind: Kind, rows: Rows, local: Dense, numbers: Sequence[int]) -> Iterator[Entry]:
    for number in numbers:
        row: Row = rows.passages[number]
        if kind == "passages":
            yield Entry(row.id, row.id, local.vector(number))
            continue
        for at, vector in enumerate(local.sentence_vectors(number)):
            yield Entry(f"{row.id}#{at}", row.id, vector)


def _digest(rows: Rows, local: Dense, numbers: Sequence[int], how: Made) -> str:
    """SHA-256 of a document's passages and their vectors."""
    found = hashlib.sha256(msgspec.json.encode(how))
    for number in numbers:
        found.update(rows.passages[number].id.encode() + b"\0")
        found.update(local.vector(number).tobytes())
        found.update(local.sentence_vectors(number).tobytes())
    return found.hexdigest()
