"""Statements that one document makes twice: a summary and the section that it sums up.

The first counts and the other points to it. Two findings are one when their
vectors nearly agree, or when most of the rarer words of the shorter stand in the longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.findings.features import Matrix
from kg.extract.findings.phrases import words
from kg.extract.findings.places import Place

_NEAR = 0.83
_SHARED = 0.75
_LEAST = 5
_SHORT = 3


def restatements(stands: Sequence[Place], vectors: Matrix) -> dict[int, int]:
    """Where a restatement starts, and where the statement that it restates starts.

    ``vectors`` without columns leaves words alone to tell.
    """
    if len(stands) < 2:
        return {}
    alike = vectors @ vectors.T
    said = [frozenset(w for w in words(place.text) if len(w) > _SHORT) for place in stands]
    first: dict[int, int] = {}
    for later, place in enumerate(stands):
        for earlier in range(later):
            if _same(float(alike[later, earlier]), said[earlier], said[later]):
                start = stands[earlier].sentence.start
                first[place.sentence.start] = first.get(start, start)
                break
    return first


def _same(alike: float, one: frozenset[str], other: frozenset[str]) -> bool:
    fewer = min(len(one), len(other))
    if fewer < _LEAST:
        return one == other and fewer > 2
    shared = len(one & other) / fewer
    return shared >= _SHARED or (alike >= _NEAR and shared >= 0.5)
