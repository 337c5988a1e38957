"""Search for findings: the evaluative statements themselves instead of passages.

A finding is as near as the nearest of its sentences; the passage around it says the rest.
"""

from __future__ import annotations

import msgspec
import numpy as np

from kg.embed import Vectors
from search import fuse
from search.filters import EVERYTHING, Filters
from search.rows import FindingRow, Row
from search.runs import Numbers
from search.search import POOL, DocumentRef, Ranked, Searcher


class FoundFinding(msgspec.Struct, frozen=True):
    """A finding that was found. ``id`` is the part of its IRI after ``{base}id/``."""

    id: str
    passage: str
    document: DocumentRef
    date: str | None
    authority: str | None
    text: str
    score: float
    start: int
    end: int
    polarity: str
    themes: tuple[str, ...]
    assertor: str


def search_findings(
    searcher: Searcher, text: str, filters: Filters = EVERYTHING, *, limit: int = 10
) -> tuple[FoundFinding, ...]:
    """The findings that say what ``text`` asks for, best first.

    :raises QueryError: when the text holds no word.
    """
    read, vector = searcher.read(text)
    ranked = searcher.rank(vector, read.terms, filters)
    found = _scored(searcher, ranked, _nearness(searcher, vector, ranked.rows[:POOL]), filters)
    return tuple(sorted(found, key=lambda finding: (-finding.score, finding.id))[:limit])


Nearness = dict[tuple[int, int], float]
"""Cosine of each sentence, by row and place in the passage."""


def _nearness(searcher: Searcher, vector: Vectors, rows: Numbers) -> Nearness:
    if not len(rows):
        return {}
    places, cosines = searcher.index.dense.of_sentences(vector, rows)
    return dict(zip(places, cosines.tolist(), strict=True))


def _scored(
    searcher: Searcher, ranked: Ranked, nearness: Nearness, filters: Filters
) -> list[FoundFinding]:
    passages = searcher.index.rows.passages
    chosen = [
        (at, passages[number], finding)
        for at, number in enumerate(ranked.rows[:POOL].tolist())
        for finding in passages[number].findings
        if _passes(finding, filters)
    ]
    at = np.array([place for place, _, _ in chosen], dtype=np.int64)
    nearest = [
        max(nearness[int(ranked.rows[place]), sentence] for sentence in _places(row, finding))
        for place, row, finding in chosen
    ]
    sentence = np.array(nearest, dtype=np.float32)
    scores = fuse.combined(ranked.passage[at], sentence, ranked.terms[at], searcher.weights)
    return [
        _found(searcher, row, finding, float(score))
        for (_, row, finding), score in zip(chosen, scores, strict=True)
    ]


def _places(row: Row, finding: FindingRow) -> list[int]:
    """The sentences of a passage that a finding lies in; all where it lies in none."""
    start, end = finding.start - row.start, finding.end - row.start
    inside = [n for n, (a, b) in enumerate(row.sentences) if a < end and b > start]
    return inside or list(range(len(row.sentences)))


def _passes(finding: FindingRow, filters: Filters) -> bool:
    return (
        (not filters.theme or any(theme in filters.theme for theme in finding.themes))
        and (not filters.polarity or finding.polarity in filters.polarity)
        and (not filters.assertor or finding.assertor in filters.assertor)
    )


def _found(searcher: Searcher, row: Row, finding: FindingRow, score: float) -> FoundFinding:
    document = searcher.index.rows.document_of(row)
    return FoundFinding(
        id=finding.id,
        passage=row.id,
        document=DocumentRef(document.id, document.title, document.file),
        date=document.date,
        authority=document.authority,
        text=row.text[finding.start - row.start : finding.end - row.start],
        score=round(score, 4),
        start=finding.start,
        end=finding.end,
        polarity=finding.polarity,
        themes=finding.themes,
        assertor=finding.assertor,
    )
