"""How likely two weaknesses are one problem: a logistic model over a handful of measures.

The measures are the cosine of the quotations, how alike they divide among the known problems,
and how far their themes, the themes that they call by name and their words overlap (rare ones
counting more). Its numbers come from
``python -m kg.training.issues`` and stand in ``weights.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from math import log

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.resolve.issues.weakness import Mention

MEASURES = ("cosine", "problems", "themes", "named", "words")
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
            _divided(rows) @ _divided(columns).T,
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


def _divided(mentions: Sequence[Mention]) -> Matrix:
    """Roots of shares in the known problems: products of two rows are 1 for equal shares."""
    return np.sqrt(_stack(mention.shares[:-1] for mention in mentions))


def _stack(vectors: Iterable[NDArray[np.float16]]) -> Matrix:
    return np.stack(list(vectors)).astype(np.float32)


def _overlap(
    rows: Sequence[Iterable[str]], columns: Sequence[Iterable[str]], rare: bool = False
) -> Matrix:
    """Weighted Jaccard of two lists of sets: 0 where either is empty.

    Only terms that both lists have are laid out as columns; the others count in the totals.
    """
    sets = [frozenset(terms) for terms in (*rows, *columns)]
    counts = Counter(chain.from_iterable(sets))
    weight = {t: log((1 + len(sets)) / (1 + n)) + 0.1 if rare else 1.0 for t, n in counts.items()}
    left, right = sets[: len(rows)], sets[len(rows) :]
    shared = sorted(frozenset().union(*left) & frozenset().union(*right))
    place = {term: number for number, term in enumerate(shared)}
    heavy = np.array([weight[term] for term in shared], np.float32)
    both = (_indicator(left, place) * heavy) @ _indicator(right, place).T
    total = np.array([sum(weight[term] for term in terms) for terms in sets], np.float32)
    either = total[: len(rows), None] + total[None, len(rows) :] - both
    return np.divide(both, either, out=np.zeros_like(both), where=both > 0)


def _indicator(sets: Sequence[frozenset[str]], place: Mapping[str, int]) -> Matrix:
    out = np.zeros((len(sets), len(place)), np.float32)
    for row, terms in enumerate(sets):
        out[row, [place[term] for term in terms & place.keys()]] = 1
    return out
