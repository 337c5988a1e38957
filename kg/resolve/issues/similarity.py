"""How likely two weaknesses are one problem: a logistic model over a handful of measures.

The measures are the cosine of the quotations, how alike they divide among the known problems,
and how far their themes, the themes that they call by name and their words overlap (rare ones
counting more). Its numbers come from
``python -m kg.training.issues`` and stand in ``weights.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain

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


class Laid:
    """Mentions laid out in rows, once for all that they are compared with."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions

    @cached_property
    def vectors(self) -> Matrix:
        """Their vectors."""
        return _stack(mention.vector for mention in self.mentions)

    @cached_property
    def divided(self) -> Matrix:
        """Roots of shares in the known problems: products of two rows are 1 for equal shares."""
        return np.sqrt(_stack(mention.shares[:-1] for mention in self.mentions))

    @cached_property
    def themes(self) -> Terms:
        """Their themes."""
        return Terms([mention.themes for mention in self.mentions])

    @cached_property
    def named(self) -> Terms:
        """The themes that they call by name."""
        return Terms([mention.named for mention in self.mentions])

    @cached_property
    def stems(self) -> Terms:
        """Their words without endings."""
        return Terms([mention.stems for mention in self.mentions])


class Terms:
    """Sets of terms by number: ``flat`` has those of each set in turn, ``owners`` whose."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        self.size = len(sets)
        distinct = [sorted(set(terms)) for terms in sets]
        self.numbers = {t: n for n, t in enumerate(sorted(set(chain.from_iterable(distinct))))}
        numbers = [self.numbers[term] for terms in distinct for term in terms]
        self.flat = np.array(numbers, np.intp)
        self.owners = np.repeat(np.arange(self.size), [len(terms) for terms in distinct])
        self.counts = np.bincount(self.flat, minlength=len(self.numbers))

    def totals(self, weights: NDArray[np.float64]) -> NDArray[np.float32]:
        """The sum of each set's weights."""
        return np.bincount(self.owners, weights[self.flat], self.size).astype(np.float32)

    def has(self, shared: NDArray[np.intp]) -> Matrix:
        """1 where a set has a term of these, which are in order."""
        out = np.zeros((self.size, len(shared)), np.float32)
        place = np.full(len(self.numbers), -1, np.intp)
        place[shared] = np.arange(len(shared))
        columns = place[self.flat]
        held = columns >= 0
        out[self.owners[held], columns[held]] = 1
        return out


def measures(rows: Laid, columns: Laid) -> NDArray[np.float32]:
    """All measures for all pairs: shape (measures, rows, columns)."""
    return np.stack(
        [
            rows.vectors @ columns.vectors.T,
            rows.divided @ columns.divided.T,
            _overlap(rows.themes, columns.themes),
            _overlap(rows.named, columns.named, rare=True),
            _overlap(rows.stems, columns.stems, rare=True),
        ]
    )


def probabilities(rows: Laid, columns: Laid, weights: Weights | None = None) -> Matrix:
    """The probability that each pair is one problem."""
    model = weights or trained()
    score = np.tensordot(np.asarray(model.weights, np.float32), measures(rows, columns), axes=1)
    return np.asarray(1 / (1 + np.exp(-(score + model.constant))), np.float32)


def _stack(vectors: Iterable[NDArray[np.float16]]) -> Matrix:
    return np.stack(list(vectors)).astype(np.float32)


def _overlap(rows: Terms, columns: Terms, rare: bool = False) -> Matrix:
    """Weighted Jaccard of two lists of sets: 0 where either is empty.

    Only terms that both lists have are laid out as columns; the others count in the totals.
    """
    both = sorted(rows.numbers.keys() & columns.numbers.keys())
    left = np.array([rows.numbers[term] for term in both], np.intp)
    right = np.array([columns.numbers[term] for term in both], np.intp)
    counts = rows.counts.copy(), columns.counts.copy()
    counts[0][left] += columns.counts[right]
    counts[1][right] += rows.counts[left]
    most = 1 + rows.size + columns.size
    weights = [np.log(most / (1 + n)) + 0.1 if rare else np.ones(len(n)) for n in counts]
    heavy = weights[0][left].astype(np.float32)
    shared = (rows.has(left) * heavy) @ columns.has(right).T
    totals = rows.totals(weights[0])[:, None] + columns.totals(weights[1])[None, :]
    out = np.zeros_like(shared)
    return np.divide(shared, totals - shared, out=out, where=shared > 0)
