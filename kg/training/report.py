"""The figures of a cross-validation, by the rules of the gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.findings import ENOUGH
from kg.extract.findings.lexicon import themes
from kg.training.data import Example
from kg.training.fit import CLASSES
from kg.training.measure import Scores


def figures(rows: Sequence[Example], scores: Scores, threshold: float = ENOUGH) -> dict[str, float]:
    """Every measure, strictly (without rows marked hard) and with all rows (``all_…``)."""
    strict = [i for i, row in enumerate(rows) if not row.hard]
    every = list(range(len(rows)))
    return {
        **_measures(rows, scores, strict, threshold),
        **{f"all_{k}": v for k, v in _measures(rows, scores, every, threshold).items()},
    }


def _measures(
    rows: Sequence[Example], scores: Scores, keep: Sequence[int], threshold: float
) -> dict[str, float]:
    truth = np.array([rows[i].is_finding for i in keep])
    f1, mcc = agreement(truth, scores["finding"][keep, 1] > threshold)
    found = [i for i in keep if rows[i].is_finding]
    polarity = [CLASSES["polarity"][scores["polarity"][i].argmax()] for i in found]
    best = [[themes()[j] for j in np.argsort(-scores["themes"][i])[:3]] for i in found]
    pairs = [(rows[i], top) for i, top in zip(found, best, strict=True)]
    return {
        "f1": f1,
        "mcc": mcc,
        "polarity": _share(rows[i].polarity == p for i, p in zip(found, polarity, strict=True)),
        "main_first": _share(top[0] == row.themes[0] for row, top in pairs),
        "main_listed": _share(top[0] in row.themes for row, top in pairs),
        "first_in_three": _share(row.themes[0] in top for row, top in pairs),
    }


def agreement(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> tuple[float, float]:
    """F1 and Matthews' correlation of two columns of yes and no."""
    both, neither = int((truth & said).sum()), int((~truth & ~said).sum())
    extra, missed = int((~truth & said).sum()), int((truth & ~said).sum())
    product = (both + extra) * (both + missed) * (neither + extra) * (neither + missed)
    f1 = 2 * both / max(2 * both + extra + missed, 1)
    return f1, (both * neither - extra * missed) / float(np.sqrt(max(product, 1)))


def _share(right: Iterable[bool]) -> float:
    values = list(right)
    return sum(values) / max(len(values), 1)
