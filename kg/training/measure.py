"""Cross-validation by document: every document is judged by a model that never saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from kg.extract.findings.features import Matrix
from kg.extract.findings.heads import Model
from kg.training.fit import Rows

Scores = dict[str, Matrix]


def held_out(rows: Rows, train: Callable[[Rows], Model]) -> tuple[Rows, Scores]:
    """The gold rows with the scores of models trained on the other documents alone."""
    kept: list[int] = []
    scores: dict[str, list[Matrix]] = {}
    for inside, outside in _folds(rows):
        model = train(rows.pick(outside))
        tested = rows.pick(inside)
        kept += inside
        for head in model.card.heads:
            values = model.scores(head, tested.seen, tested.vectors)
            scores.setdefault(head, []).append(values)
    return rows.pick(kept), {head: np.concatenate(parts) for head, parts in scores.items()}


def _folds(rows: Rows) -> Iterator[tuple[list[int], list[int]]]:
    """The gold rows of each document, and all rows of the other documents."""
    documents = sorted({e.document for e in rows.examples if e.source == "gold"})
    for document in documents:
        inside = [
            i for i, e in enumerate(rows.examples) if e.document == document and e.source == "gold"
        ]
        yield inside, [i for i, e in enumerate(rows.examples) if e.document != document]
