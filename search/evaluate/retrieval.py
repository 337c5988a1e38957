"""Passage search against queries with graded quotations.

A result answers a quotation when its text holds at least 60 per cent of the quotation's
words as one run. Each quotation counts once; a result gains the best grade among the
quotations that it is the first to answer, and recall counts all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import ir_measures
import msgspec
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from search.evaluate.report import Miss, Outcome, mean
from search.filters import Filters
from search.fuse import WEIGHTS, Weights
from search.search import Result, Searcher

DEPTH = 10
SHARE = 0.6
GOALS = {"nDCG@10": 0.50, "recall@10": 0.58, "MRR": 0.70}
_LETTERS = re.compile(r"[a-z0-9£%]+")
_GLUED = str.maketrans("", "", "\u00ad\ufffe\u2010\u2011-'’")

PARTS: Mapping[str, Weights] = {
    "passage vectors": Weights(sentence=0, passage=1, terms=0),
    "sentence vectors": Weights(sentence=1, passage=0, terms=0),
    "terms (BM25)": Weights(sentence=0, passage=0, terms=1),
    "fused": WEIGHTS,
}


class Quotation(msgspec.Struct, frozen=True):
    """Words that answer a query, the document they stand in, and how well they answer."""

    doc: str
    quote: str
    grade: int


class Judged(msgspec.Struct, frozen=True):
    """A query with the quotations that answer it."""

    id: str
    query: str
    relevant: tuple[Quotation, ...]


Answered = list[list[int]]
"""For each result, the quotations (by number) that it is the first to answer."""


def load(gold: Path) -> list[Judged]:
    """The judged queries of a gold folder."""
    lines = (gold / "retrieval.jsonl").read_text(encoding="utf-8").splitlines()
    return [msgspec.json.decode(line, type=Judged) for line in lines if line.strip()]


def evaluate(gold: Path, searcher: Searcher) -> list[Outcome]:
    """One outcome for each part of the search and one for all of it, which has the misses.

    Only the documents that were judged are searched: what others say was not labelled.
    """
    judged = load(gold)
    scope = _scope(judged, searcher)
    outcomes = []
    for name, weights in PARTS.items():
        variant = Searcher(searcher.index, searcher.embedder, weights)
        outcomes.append(_evaluate(name, judged, variant, scope))
    return outcomes


def _scope(judged: Sequence[Judged], searcher: Searcher) -> Filters:
    """The documents of the index that the judgements name."""
    named = {quotation.doc for item in judged for quotation in item.relevant}
    files = [document.file for document in searcher.index.rows.documents]
    return Filters(
        document=tuple(file for file in files if any(same_document(doc, file) for doc in named))
    )


def _evaluate(name: str, judged: Sequence[Judged], searcher: Searcher, scope: Filters) -> Outcome:
    results = {item.id: searcher.search(item.query, scope, limit=DEPTH).results for item in judged}
    answered = {item.id: answers(item, results[item.id]) for item in judged}
    values = score(judged, answered)
    whole = name == "fused"
    return Outcome(
        name=f"retrieval: {name}",
        measures=tuple(
            mean(measure, values[measure], goal if whole else None)
            for measure, goal in GOALS.items()
        ),
        counts={"queries": len(judged), "quotations": sum(len(item.relevant) for item in judged)},
        misses=tuple(_misses(judged, answered, results)) if whole else (),
    )


def answers(item: Judged, results: Sequence[Result]) -> Answered:
    """Which quotations each result answers first."""
    open_numbers = set(range(len(item.relevant)))
    found: Answered = []
    for result in results:
        text = normalised(result.text)
        new = [
            number
            for number in sorted(open_numbers)
            if same_document(item.relevant[number].doc, result.document.file)
            and holds(text, normalised(item.relevant[number].quote))
        ]
        open_numbers -= set(new)
        found.append(new)
    return found


def score(judged: Sequence[Judged], answered: Mapping[str, Answered]) -> dict[str, list[float]]:
    """The measures of each query, by ir-measures, in the order of the queries."""
    qrels = [
        Qrel(item.id, str(number), quotation.grade)
        for item in judged
        for number, quotation in enumerate(item.relevant)
    ]
    best = [row for item in judged for row in _best(item, answered[item.id])]
    every = [row for item in judged for row in _every(item, answered[item.id])]
    return {
        "nDCG@10": _values(nDCG @ DEPTH, qrels, best, judged),
        "recall@10": _values(R @ DEPTH, qrels, every, judged),
        "MRR": _values(RR @ DEPTH, qrels, best, judged),
    }


def _values(
    measure: ir_measures.Measure, qrels: list[Qrel], run: list[ScoredDoc], judged: Sequence[Judged]
) -> list[float]:
    values = {row.query_id: float(row.value) for row in measure.iter_calc(qrels, run)}
    return [values.get(item.id, 0.0) for item in judged]


def _best(item: Judged, answered: Answered) -> Iterable[ScoredDoc]:
    """The run in which each result stands for the best quotation that it answers."""
    for rank, numbers in enumerate(answered):
        top = max(numbers, key=lambda number: item.relevant[number].grade, default=None)
        name = f"nothing-{rank}" if top is None else str(top)
        yield ScoredDoc(item.id, name, float(-rank))


def _every(item: Judged, answered: Answered) -> Iterable[ScoredDoc]:
    """The run of all quotations answered, for recall."""
    for rank, number in enumerate(number for numbers in answered for number in numbers):
        yield ScoredDoc(item.id, str(number), float(-rank))


def _misses(
    judged: Sequence[Judged],
    answered: Mapping[str, Answered],
    results: Mapping[str, Sequence[Result]],
) -> Iterable[Miss]:
    for item in judged:
        found = {number for numbers in answered[item.id] for number in numbers}
        first = results[item.id][0].text if results[item.id] else "nothing"
        for number, quotation in enumerate(item.relevant):
            if number not in found:
                expected = f"[{quotation.grade}] {quotation.quote} ({quotation.doc})"
                yield Miss(f"{item.id} {item.query}", expected, f"first: {first[:120]}")


def normalised(text: str) -> list[str]:
    """Words to compare: lower case, without tags, hyphens and apostrophes."""
    return _LETTERS.findall(re.sub(r"<[^>]+>", "", text).lower().translate(_GLUED))


def holds(text: Sequence[str], quote: Sequence[str]) -> bool:
    """Whether a text holds at least 60 per cent of a quotation's words as one run."""
    run = -int(-len(quote) * SHARE // 1)
    joined = f" {' '.join(text)} "
    starts = range(len(quote) - run + 1)
    return any(f" {' '.join(quote[start : start + run])} " in joined for start in starts)


def same_document(one: str, other: str) -> bool:
    """Whether two paths name one file, either of them below a folder of the other."""
    longer, shorter = sorted((f"/{one}", f"/{other}"), key=len, reverse=True)
    return longer.endswith(shorter)
