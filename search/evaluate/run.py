"""Every evaluation that a folder of labelled data allows, over one opened generation.

It reads what anybody can read (facts, findings, issues, search), never the records of a
build, so the figures are those of the service. A file that the folder lacks is left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from search.ask.asker import Asker
from search.evaluate import (
    documents,
    facts,
    improvements,
    judgements,
    questions,
    recurrence,
    retrieval,
)
from search.evaluate.report import Measure, Miss, Outcome
from search.facts import KINDS, every
from search.opened import Opened
from search.repeated import repeated

Rows = list[dict[str, Any]]


def evaluate(opened: Opened, gold: Path) -> list[Outcome]:
    """One outcome for each kind of labelled data that is there, in a fixed order."""
    outcomes: list[Outcome] = []
    for name, measure in _MEASURES.items():
        if (gold / name).exists():
            outcomes.extend(measure(opened, gold))
    return outcomes


def _judgements(opened: Opened, gold: Path) -> Iterator[Outcome]:
    with (gold / "judgements.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    result = judgements.score(rows, _by_file(every(opened.facts, "judgements")))
    measures = (
        Measure("cells right", result.share, 0.99),
        Measure("cells wrong", result.wrong / max(1, result.scored), 0.0, at_most=True),
    )
    misses = (Miss(f"{m.file} {m.column}", m.wanted, m.given) for m in result.misses)
    yield Outcome("judgements", measures, {"cells": result.scored}, tuple(misses))
    yield documents.score(rows, list(every(opened.facts, "documents")))


def _by_file(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The columns of the table of judgements for each file."""
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        columns = table.setdefault(row["document"]["file"], {})
        columns[row["domain"]] = row["grade"]
        for column, name in _COLUMNS.items():
            columns[column] = row[name] or ""
    return table


_COLUMNS = {
    "framework": "framework",
    "inspection_start_date": "inspection_start",
    "inspection_end_date": "inspection_end",
    "publication_date": "published",
    "lead_inspector": "lead_inspector",
}


def _improvements(opened: Opened, gold: Path) -> Iterator[Outcome]:
    items = (
        improvements.Item(row["document"]["file"], row["scope"], row["quote"], row["clause"] or "")
        for row in every(opened.facts, "commitments")
        if row["scope"] in ("la", "lscb")
    )
    result = improvements.score(_lines(gold / "needs_to_improve.jsonl"), items)
    measures = (
        Measure("recall", result.recall, 0.97),
        Measure("precision", result.precision, 0.97),
    )
    missing = [Miss(f"{i.file} {i.scope}", i.text) for i in result.missing]
    extra = [Miss(f"{i.file} {i.scope}", "", i.text) for i in result.extra]
    yield Outcome("improvement lists", measures, {"items": result.right}, (*missing, *extra))


def _facts(opened: Opened, gold: Path) -> Iterator[Outcome]:
    rows = {path.stem: _lines(path) for path in sorted((gold / "facts").glob("*.jsonl"))}
    given: Mapping[str, Rows] = {
        **{kind: list(every(opened.facts, kind)) for kind in KINDS},
        "explicit_repeats": list(every(opened.facts, "repeat_statements")),
    }
    for kind, score in facts.score(rows, given).items():
        recall, precision = FACT_GOALS.get(kind, (None, None))
        measures = [
            Measure("recall", score.recall, recall),
            Measure("precision", score.precision, precision),
        ]
        if kind == "disagreements":
            measures.append(Measure("traps reported", float(len(score.traps)), 0.0, at_most=True))
        misses = [Miss(str(row.get("id")), _shown(row)) for row in score.missed]
        extra = [Miss(str(row.get("id")), "", _shown(row)) for row in score.extra]
        counts = {"gold": score.gold, "given": score.given}
        yield Outcome(f"facts: {kind}", tuple(measures), counts, (*misses, *extra))


def _findings(opened: Opened, gold: Path) -> Iterator[Outcome]:
    from search.evaluate import findings

    yield from findings.evaluate(opened, gold)


def _recurrence(opened: Opened, gold: Path) -> Iterator[Outcome]:
    score = recurrence.score(_lines(gold / "recurrence.jsonl"), repeated(opened.facts))
    measures = (
        Measure("issues found", score.recall, 0.65),
        Measure("issues right", score.precision, 0.75),
        Measure("pairs kept apart", score.apart, 0.92),
    )
    misses = [Miss("missed", text) for text in score.missed]
    wrong = [Miss("wrong", "", text) for text in score.wrong]
    joined = [Miss("joined", text) for text in score.joined]
    counts = {"gold": score.gold, "touching": score.touching, "pairs": score.pairs}
    yield Outcome("recurring issues", measures, counts, (*misses, *wrong, *joined))


def _retrieval(opened: Opened, gold: Path) -> Iterator[Outcome]:
    yield from retrieval.evaluate(gold, opened.searcher)


def _questions(opened: Opened, gold: Path) -> Iterator[Outcome]:
    asker, index = Asker(opened), opened.searcher.index

    def text_of(passage: str) -> str | None:
        number = index.rows.number(passage)
        return None if number is None else index.rows.passages[number].text

    yield questions.score(_lines(gold / "qa.jsonl"), asker.ask, text_of)


FACT_GOALS: Mapping[str, tuple[float, float]] = {
    "documents": (0.97, 0.97),
    "judgements": (0.97, 0.97),
    "events": (0.88, 0.85),
    "posts": (0.88, 0.85),
    "organisations": (0.85, 0.85),
    "tenures": (0.75, 0.80),
    "commitments": (0.85, 0.80),
    "figures": (0.80, 0.80),
    "disagreements": (0.65, 0.65),
    "explicit_repeats": (0.85, 0.80),
}
"""Recall and precision aimed at, by kind of fact."""

_MEASURES: Mapping[str, Callable[[Opened, Path], Iterator[Outcome]]] = {
    "judgements.csv": _judgements,
    "needs_to_improve.jsonl": _improvements,
    "facts": _facts,
    "sentences.jsonl": _findings,
    "recurrence.jsonl": _recurrence,
    "retrieval.jsonl": _retrieval,
    "qa.jsonl": _questions,
}


def _lines(path: Path) -> Rows:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _shown(row: Mapping[str, Any]) -> str:
    shown = row.get("label") or row.get("issue") or row.get("text") or row.get("quote") or ""
    return " ".join(str(shown).split())[:160]
