"""Passage search: a question in, the passages that answer it out, best first.

query ──read──▶ words, terms, text to embed
                 ├─ nearest passages and sentences (FAISS)
                 └─ passages with the words and terms (BM25)
      candidates ──score──▶ fuse ──▶ fold repeats ──▶ results, facets
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from kg.embed import Embedder, Vectors, normalised, vocabulary_of
from kg.errors import QueryError, UnknownThing
from search import fold, fuse, query
from search.filters import EVERYTHING, Facet, Filters, allowed, facets
from search.highlight import Span, highlights
from search.index import Index
from search.query import Query
from search.rows import FindingRow
from search.runs import Marks, Numbers
from search.sparse import Weights as TermWeights
from search.thesaurus import Wordings

POOL = 100
"""Candidates that each part proposes; also the passages that facets count."""


class DocumentRef(msgspec.Struct, frozen=True):
    """The document of a result."""

    id: str
    title: str
    file: str


class Parts(msgspec.Struct, frozen=True):
    """What each part of the search says: cosines, and the share of the query's terms."""

    passage: float
    sentence: float
    terms: float


class Result(msgspec.Struct, frozen=True):
    """A passage found. The first nine fields are the public contract."""

    passage: str
    document: DocumentRef
    title: str
    date: str | None
    authority: str | None
    text: str
    score: float
    start: int
    end: int
    kind: str
    block: str
    page: int | None
    headings: tuple[str, ...]
    themes: tuple[str, ...]
    parts: Parts
    best: Span
    highlights: tuple[Span, ...]
    repeats: tuple[str, ...] = ()


class Results(msgspec.Struct, frozen=True):
    """The answer to a query. ``total`` counts the candidates that the facets count."""

    query: str
    results: tuple[Result, ...]
    facets: dict[str, tuple[Facet, ...]]
    total: int
    understood: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


class Ranked(msgspec.Struct, frozen=True):
    """Candidates, best first, with what was said of each."""

    rows: Numbers
    score: Vectors
    passage: Vectors
    sentence: Vectors
    terms: Vectors
    best: Numbers

    def ordered(self, order: Numbers) -> Ranked:
        """The same candidates in another order."""
        return Ranked(
            self.rows[order],
            self.score[order],
            self.passage[order],
            self.sentence[order],
            self.terms[order],
            self.best[order],
        )


class Searcher:
    """Searches one generation. It holds no state of a query, so threads may share it."""

    def __init__(
        self, index: Index, embedder: Embedder, weights: fuse.Weights = fuse.WEIGHTS
    ) -> None:
        index.require(embedder)
        self.index = index
        self.embedder = embedder
        self.known = query.Known(index.thesaurus, index.sparse, vocabulary_of(embedder))
        self.weights = weights

    @classmethod
    def open(cls, generation: Path, embedder: Embedder) -> Searcher:
        """Check and open the index of a generation."""
        return cls(Index(generation), embedder)

    def search(
        self,
        text: str,
        filters: Filters = EVERYTHING,
        *,
        limit: int = 10,
        offset: int = 0,
    ) -> Results:
        """The passages that say what ``text`` asks for.

        :raises QueryError: when the text holds no word.
        """
        read, vector = self.read(text)
        ranked = self.rank(vector, read.terms, filters)
        return self._answer(read, ranked, limit, offset)

    def read(self, text: str) -> tuple[Query, Vectors]:
        """What is asked, and its vector: the words as typed and in the domain's terms.

        :raises QueryError: when the text holds no word.
        """
        if not any(character.isalnum() for character in text):
            raise QueryError("The search holds no word.", cure="Type what you look for.")
        read = query.read(text, self.known)
        vectors = self.embedder.encode(list(dict.fromkeys((read.mended, read.worded))))
        near = self.index.dense.alike(vectors[-1], self.index.thesaurus)
        vector = normalised(vectors.sum(axis=0, keepdims=True))[0]
        return query.linked(read, near, self.index.thesaurus), vector

    def more_like(
        self,
        thing: str,
        filters: Filters = EVERYTHING,
        *,
        limit: int = 10,
    ) -> Results:
        """Passages that say the like of a given passage or finding; its own is left out.

        :raises UnknownThing: when there is no such passage or finding.
        """
        number = self.index.rows.number(thing)
        if number is not None:
            words = self.index.rows.passages[number].embedded
            vector = self.index.dense.vector(number)
        elif found := self._finding(thing):
            number, row = found
            passage = self.index.rows.passages[number]
            words = passage.text[row.start - passage.start : row.end - passage.start]
            vector = self.embedder.encode([words])[0]
        else:
            raise UnknownThing(
                f"No passage or finding {thing}.", cure="Search for it; ids change with words."
            )
        read = query.read(words, self.known)
        ranked = self.rank(vector, read.terms, filters, without=number)
        return self._answer(msgspec.structs.replace(read, text=thing), ranked, limit, 0)

    def place(self, finding: str) -> tuple[str, int, int] | None:
        """The document in which a finding stands, and from where to where."""
        found = self._finding(finding)
        if found is None:
            return None
        number, row = found
        return self.index.rows.document_of(self.index.rows.passages[number]).id, row.start, row.end

    def _finding(self, finding: str) -> tuple[int, FindingRow] | None:
        """A finding by ``finding/{document}/{digest}``, with the number of its passage."""
        rows = self.index.rows
        document = finding.removeprefix("finding/").rpartition("/")[0]
        numbers = [n for n, each in enumerate(rows.documents) if each.id == document]
        for number in rows.within(numbers):
            for found in rows.passages[number].findings:
                if found.id == finding:
                    return int(number), found
        return None

    def rank(
        self, vector: Vectors, wanted: TermWeights, filters: Filters, without: int | None = None
    ) -> Ranked:
        """Candidates by their scores; ``without`` leaves one row out."""
        passing = allowed(self.index.rows, filters)
        rows = self.candidates(vector, wanted, passing)
        rows = rows[rows != without] if without is not None else rows
        if not len(rows):
            none = np.zeros(0, dtype=np.float32)
            return Ranked(rows, none, none, none, none, rows)
        terms = self.index.sparse.scores(wanted, rows)
        passage, sentence, best = self.index.dense.scores(vector, rows)
        score = fuse.combined(passage, sentence, terms, self.weights)
        by_score = np.lexsort((rows, -score))
        return Ranked(rows, score, passage, sentence, terms, best).ordered(by_score)

    def candidates(self, vector: Vectors, wanted: TermWeights, passing: Marks | None) -> Numbers:
        """The rows that each part proposes, of those that pass."""
        if passing is not None and not passing.any():
            return np.empty(0, dtype=np.int64)
        near = self.index.dense.nearest(vector, POOL, passing)
        return np.union1d(near, self.index.sparse.best(wanted, POOL, passing))

    def _answer(self, read: Query, ranked: Ranked, limit: int, offset: int) -> Results:
        rows = self.index.rows.passages
        wanted = self.index.thesaurus.only(read.terms.keys())
        shown = ranked.rows[:POOL].tolist()
        groups = fold.groups((rows[n].text for n in shown), offset + limit)
        return Results(
            query=read.text,
            results=tuple(self._result(read, wanted, ranked, group) for group in groups[offset:]),
            facets=facets(self.index.rows, shown),
            total=len(shown),
            understood=read.understood,
            corrected=read.corrected,
        )

    def _result(
        self, read: Query, wanted: Wordings, ranked: Ranked, group: Sequence[int]
    ) -> Result:
        rows, at = self.index.rows, group[0]
        row = rows.passages[ranked.rows[at]]
        document = rows.document_of(row)
        return Result(
            passage=row.id,
            document=DocumentRef(document.id, document.title, document.file),
            title=document.title,
            date=document.date,
            authority=document.authority,
            text=row.text,
            score=round(float(ranked.score[at]), 4),
            start=row.start,
            end=row.end,
            kind=document.kind,
            block=row.kind,
            page=row.page,
            headings=row.headings,
            themes=row.themes,
            parts=_parts(ranked, at),
            best=row.sentences[int(ranked.best[at])],
            highlights=highlights(row.text, read.terms.keys(), wanted),
            repeats=tuple(rows.passages[ranked.rows[other]].id for other in group[1:]),
        )


def _parts(ranked: Ranked, at: int) -> Parts:
    values = (ranked.passage[at], ranked.sentence[at], ranked.terms[at])
    return Parts(*(round(float(value), 4) for value in values))
