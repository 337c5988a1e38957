"""Statements that one document makes twice: a summary and the section that it sums up.

The first counts and the other points to it. Two findings are one when their
vectors nearly agree, or when most of the rarer words of the shorter stand in the longer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.findings.features import Matrix
from kg.extract.findings.phrases import words
from kg.extract.findings.places import Place

_NEAR = 0.83
_SHARED = 0.75
_HALF = 0.5
_LEAST = 5
_FEWEST = 2
_SHORT = 3


def restatements(stands: Sequence[Place], vectors: Matrix) -> dict[int, int]:
    """Where a restatement starts, and where the statement that it restates starts.

    ``vectors`` without columns leaves words alone to tell.
    """
    if len(stands) < 2:
        return {}
    same = _same(vectors, [{w for w in words(p.text) if len(w) > _SHORT} for p in stands])
    first: dict[int, int] = {}
    for later, place in enumerate(stands):
        earlier = np.flatnonzero(same[later, :later])
        if len(earlier):
            start = stands[earlier[0]].sentence.start
            first[place.sentence.start] = first.get(start, start)
    return first


def _same(vectors: Matrix, said: Sequence[set[str]]) -> NDArray[np.bool_]:
    """Which statements are one, by their vectors and their rarer words; a row and column each."""
    column = {word: at for at, word in enumerate(sorted(set().union(*said)))}
    has = np.zeros((len(said), len(column)), np.float32)
    for row, each in zip(has, said, strict=True):
        row[[column[word] for word in each]] = 1
    common = (has @ has.T).astype(np.float64)
    counts = has.sum(1)
    fewer, more = np.minimum.outer(counts, counts), np.maximum.outer(counts, counts)
    shared = common / np.maximum(fewer, 1)
    alike = (vectors @ vectors.T).astype(np.float64)
    long = (shared >= _SHARED) | ((alike >= _NEAR) & (shared >= _HALF))
    short = (common == more) & (fewer > _FEWEST)
    same: NDArray[np.bool_] = np.where(fewer < _LEAST, short, long)
    return same
