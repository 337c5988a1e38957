"""How likely two weaknesses are one problem: a logistic model over a handful of measures.

The measures are the cosines of the quotations, of their theme profiles and of how they divide
among the known problems, and how far their themes, the themes that they call by name and
their words overlap (rare ones counting more). Its numbers come from
``python -m kg.training.issues`` and stand in ``weights.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.resolve.issues.weakness import Mention

MEASURES = ("cosine", "profile", "problems", "themes", "named", "words")
Matrix = NDArray[np.float32]


class Weights(msgspec.Struct, frozen=True):
    """A weight for each measure and the constant, where a cluster is cut, and the least
    probability of a pair that makes it sure that a problem came back."""

    weights: tuple[float, ...]
    constant: float
    threshold: float
    link: float


@cache
def trained() -> Weights:
    """The numbers that the training command wrote."""
    text = (files("kg.resolve.issues") / "weights.json").read_bytes()
    return msgspec.json.decode(text, type=Weights)


def measures(rows: Sequence[Mention], columns: Sequence[Mention]) -> NDArray[np.float32]:
    """All measures for all pairs: shape (measures, rows, columns)."""
    return np.stack(
        [
            _stack(m.vector for m in rows) @ _stack(m.vector for m in columns).T,
            _stack(m.profile for m in rows) @ _stack(m.profile for m in columns).T,
            _stack(m.problems for m in rows) @ _stack(m.problems for m in columns).T,
            _overlap([m.themes for m in rows], [m.themes for m in columns]),
            _overlap([m.named for m in rows], [m.named for m in columns], rare=True),
            _overlap([m.stems for m in rows], [m.stems for m in columns], rare=True),
        ]
    )


def probabilities(
    rows: Sequence[Mention], columns: Sequence[Mention], weights: Weights | None = None
) -> Matrix:
    """The probability that each pair is one problem."""
    model = weights or trained()
    score = np.tensordot(np.asarray(model.weights, np.float32), measures(rows, columns), axes=1)
    return np.asarray(1 / (1 + np.exp(-(score + model.constant))), np.float32)


def _stack(vectors: Iterable[NDArray[np.float16]]) -> Matrix:
    return np.stack(list(vectors)).astype(np.float32)


def _overlap(
    rows: Sequence[Iterable[str]], columns: Sequence[Iterable[str]], rare: bool = False
) -> Matrix:
    """Weighted Jaccard of two lists of sets: 0 where either is empty."""
    vocabulary = {
        term: i for i, term in enumerate(sorted({t for s in (*rows, *columns) for t in s}))
    }
    if not vocabulary:
        return np.zeros((len(rows), len(columns)), np.float32)
    weight = (
        _rarity([*rows, *columns], vocabulary) if rare else np.ones(len(vocabulary), np.float32)
    )
    left, right = _indicator(rows, vocabulary), _indicator(columns, vocabulary)
    both = (left * weight) @ right.T
    either = (left @ weight)[:, None] + (right @ weight)[None, :] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def _rarity(sets: Sequence[Iterable[str]], vocabulary: dict[str, int]) -> Matrix:
    counts = Counter(term for terms in sets for term in terms)
    frequency = np.array([counts[term] for term in vocabulary], np.float32)
    return np.log((1 + len(sets)) / (1 + frequency)).astype(np.float32) + 0.1


def _indicator(sets: Sequence[Iterable[str]], vocabulary: dict[str, int]) -> Matrix:
    out = np.zeros((len(sets), len(vocabulary)), np.float32)
    for row, terms in enumerate(sets):
        out[row, [vocabulary[term] for term in terms]] = 1
    return out
