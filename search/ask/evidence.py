"""The sentences that may answer a question, best first.

topic ──▶ vector, weighed terms ──▶ candidate passages ──▶ their sentences, each with
cosine, share of the rare terms, and how well its place and date fit what was asked.

Passages are found by the searcher's own index; sentences are scored here because an
answer quotes a sentence, and the best passage need not hold the best sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
import numpy as np

from kg.embed import Vectors, normalised
from search import filters, query, sparse
from search.ask.content import signs
from search.query import Query
from search.rows import Row
from search.runs import Marks
from search.search import DocumentRef, Searcher
from search.words import words

POOL = 60
"""Passages whose sentences are looked at."""

CONTEXT = 0.35
"""What the best of a sentence's passage counts beside the sentence itself."""


BEFORE = 0.85
"""What the sentence before lends: "this recommendation" is named there."""


class Evidence(msgspec.Struct, frozen=True):
    """A sentence with its scores: ``cosine`` to the topic, ``terms`` the share of its rare
    terms that the sentence has, or has with its heading and the sentence before; ``own`` what
    it has by itself, ``around`` what its passage has. ``finding``: whether it is one;
    ``key``: whether it has the rarest word of the topic."""

    row: int
    at: int
    passage: str
    document: DocumentRef
    date: str | None
    kind: str
    heading: str
    text: str
    start: int
    end: int
    cosine: float
    terms: float
    around: float
    own: float
    finding: bool
    key: bool
    score: float


class Wanted(msgspec.Struct, frozen=True):
    """A topic as the index sees it."""

    topic: str
    read: Query
    vector: Vectors
    whole: Vectors
    weights: dict[str, float]
    key: str | None = None


class Shares:
    """What part of the weight of a topic's terms some entries have.

    Few combinations of the terms occur among a thousand sentences, so each is added up once.
    """

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights, self._entries = weights, frozenset(weights)
        self._total = sum(weights.values())
        self._known: dict[frozenset[str], float] = {}

    def of(self, held: frozenset[str]) -> frozenset[str]:
        """Those of some entries that are terms of the topic."""
        return held & self._entries

    def share(self, held: frozenset[str]) -> float:
        """Their share of the weight of all."""
        found = self._known.get(held)
        if found is None:
            weight = sum(w for entry, w in self._weights.items() if entry in held)
            found = self._known[held] = weight / self._total if self._total else 0.0
        return found


class _Passage(msgspec.Struct, frozen=True):
    """A passage as its sentences are scored in it: the topic's terms that its heading, each
    sentence, and what stands before each sentence have; ``around`` the share of all of them."""

    number: int
    row: Row
    document: DocumentRef
    date: str | None
    kind: str
    heading: frozenset[str]
    held: tuple[frozenset[str], ...]
    before: tuple[frozenset[str], ...]
    around: float


class Finder:
    """Finds sentences in one generation's index; keeps nothing of a question."""

    def __init__(self, searcher: Searcher) -> None:
        self.index, self.embedder, self.known = searcher.index, searcher.embedder, searcher.known
        self._entries = lru_cache(maxsize=20_000)(self._entries_of)
        self._rarity = lru_cache(maxsize=20_000)(self._rarity_of)

    def wanted(self, topic: str, whole: str) -> Wanted:
        """What to look for: the topic's words weighed by rarity, and one vector of the topic
        as typed, in the domain's terms, and of the whole question."""
        read = query.read(topic, self.known)
        texts = list(dict.fromkeys((read.mended, read.worded, whole)))
        vectors = self.embedder.encode(texts)
        vector = normalised(vectors.sum(axis=0, keepdims=True))[0]
        near = self.index.dense.alike(vectors[min(1, len(texts) - 1)], self.index.thesaurus)
        read = query.linked(read, near, self.index.thesaurus)
        weights = {
            entry: weight * self._rarity(entry)
            for entry, weight in read.terms.items()
            if not entry.startswith("@")
        }
        typed = _typed(topic)
        key = max((e for e in weights if e in typed), key=lambda e: weights[e], default=None)
        return Wanted(topic, read, vector, vectors[texts.index(whole)], weights, key)

    def find(
        self, wanted: Wanted, documents: Sequence[str] = (), meant: Sequence[str] = ()
    ) -> list[Evidence]:
        """Sentences by how well they fit, of ``documents`` only when there are any. Those that
        are ``meant`` are searched by themselves too: in a large collection others crowd them out.
        """
        rows = self._candidates(wanted, self._of(documents))
        if meant:
            rows = np.union1d(rows, self._candidates(wanted, self._of(meant)))
        if not len(rows):
            return []
        numbers, cosines = self.index.dense.of_sentences(wanted.vector, rows)
        found, shares, here = [], Shares(wanted.weights), None
        for (row, at), cosine in zip(numbers, cosines.tolist(), strict=True):
            if here is None or here.number != row:
                here = self._passage(shares, row)
            found.append(self._evidence(wanted, shares, here, at, cosine))
        found = [self._replied(each) for each in found]
        return sorted(found, key=lambda e: (-e.score, e.row, e.at))

    def _replied(self, evidence: Evidence) -> Evidence:
        """In minutes a question is answered by what follows: the reply takes its place."""
        if not evidence.text.endswith("?"):
            return evidence
        row, at = evidence.row, evidence.at + 1
        rows = self.index.rows.passages
        if at >= len(rows[row].sentences):
            row, at = row + 1, 0
        if row >= len(rows) or rows[row].document != rows[evidence.row].document:
            return evidence
        start, end = rows[row].sentences[at]
        return msgspec.structs.replace(
            evidence,
            row=row,
            at=at,
            passage=rows[row].id,
            text=rows[row].sentence(at),
            start=rows[row].start + start,
            end=rows[row].start + end,
        )

    def continued(self, evidence: Evidence) -> Evidence:
        """The sentence with the one after it, where that tells how what it says has changed:
        "This is a reduction from 40 in March"."""
        row, at = self.index.rows.passages[evidence.row], evidence.at + 1
        if at >= len(row.sentences) or not signs()["changes"].match(row.sentence(at)):
            return evidence
        text = f"{evidence.text} {row.sentence(at)}"
        return msgspec.structs.replace(evidence, text=text, end=row.start + row.sentences[at][1])

    def _of(self, documents: Sequence[str]) -> Marks | None:
        return filters.allowed(self.index.rows, filters.Filters(document=tuple(documents)))

    def _candidates(self, wanted: Wanted, allowed: Marks | None) -> np.ndarray:
        if allowed is not None and np.count_nonzero(allowed) <= 2 * POOL:
            return np.flatnonzero(allowed)
        near = self.index.dense.nearest(wanted.vector, POOL, allowed)
        return np.union1d(near, self.index.sparse.best(wanted.read.terms, POOL, allowed))

    def _passage(self, shares: Shares, number: int) -> _Passage:
        """What the sentences of a passage share."""
        row = self.index.rows.passages[number]
        document = self.index.rows.document_of(row)
        heading, held = self._entries(number)
        last = shares.of(self._last(number - 1, row.document))
        wanted = tuple(map(shares.of, held))
        return _Passage(
            number=number,
            row=row,
            document=DocumentRef(document.id, document.title, document.file),
            date=document.date,
            kind=document.kind,
            heading=shares.of(heading),
            held=wanted,
            before=(last, *wanted),
            around=shares.share(shares.of(heading).union(*wanted)),
        )

    def _evidence(
        self, wanted: Wanted, shares: Shares, here: _Passage, at: int, cosine: float
    ) -> Evidence:
        row, held = here.row, here.held[at]
        start, end = row.sentences[at]
        own = shares.share(held)
        headed = held | here.heading
        terms = max(own, shares.share(headed), BEFORE * shares.share(headed | here.before[at]))
        score = cosine + terms + CONTEXT * here.around
        return Evidence(
            row=here.number,
            at=at,
            passage=row.id,
            document=here.document,
            date=here.date,
            kind=here.kind,
            heading=row.headings[-1] if row.headings else "",
            text=row.sentence(at),
            start=row.start + start,
            end=row.start + end,
            cosine=cosine,
            terms=terms,
            around=here.around,
            own=own,
            key=wanted.key is None or wanted.key in held,
            finding=any(f.start < end and start < f.end for f in row.findings),
            score=score / (2 + CONTEXT),
        )

    def _last(self, number: int, document: int) -> frozenset[str]:
        """The last sentence of a passage, if it is of the same document."""
        rows = self.index.rows.passages
        if number < 0 or rows[number].document != document:
            return frozenset()
        heading, held = self._entries(number)
        return held[-1] | heading

    def _entries_of(self, number: int) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
        """The entries of a passage's heading, and of each of its sentences."""
        row = self.index.rows.passages[number]
        thesaurus = self.index.thesaurus
        heading = frozenset(sparse.entries(words(" ".join(row.headings[-1:])), thesaurus))
        return heading, tuple(
            frozenset(sparse.entries(words(row.text[start:end]), thesaurus))
            for start, end in row.sentences
        )

    def _rarity_of(self, entry: str) -> float:
        """The usual inverse document frequency; a word that no passage has counts in full."""
        held = self.index.sparse.holding(entry)
        return math.log(1 + (self.index.sparse.count - held + 0.5) / (held + 0.5))

    def missing(self, wanted: Wanted, evidence: Sequence[Evidence]) -> float:
        """The share of the topic's own words, by rarity, that no passage of some sentences has."""
        held = frozenset[str]().union(
            *(heading.union(*each) for heading, each in (self._entries(e.row) for e in evidence))
        )
        typed = _typed(wanted.topic)
        weights = {entry: weight for entry, weight in wanted.weights.items() if entry in typed}
        return 1 - Shares(weights).share(held) if weights else 0.0

    def unknown(self, stems: Iterable[str]) -> list[str]:
        """Those of some stems that no passage has."""
        return [stem for stem in stems if stem not in self.index.sparse]


def _typed(topic: str) -> frozenset[str]:
    """The stems of the words of a topic as typed, apart from what they are expanded by."""
    return frozenset(word.stem for word in words(topic) if not word.is_stop)
