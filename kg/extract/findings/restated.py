"""Statements that one document makes twice: a summary and the section that it sums up.

The fuller statement counts and the other points to it. Two findings are one when their
vectors nearly agree, or when most of the rarer words of the shorter stand in the longer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.extract.context import Context
from kg.extract.findings.phrases import words
from kg.extract.findings.places import Place
from kg.model import Document

_NEAR = 0.83
_SHARED = 0.75
_LEAST = 6
_SHORT = 4


def restatements(stands: Sequence[Place], document: Document, context: Context) -> dict[int, int]:
    """Where a restatement starts, and where the statement that it restates starts."""
    if len(stands) < 2:
        return {}
    vectors = context.embedder.encode([place.text for place in stands])
    alike = np.tril(vectors @ vectors.T, -1)
    said = [frozenset(w for w in words(place.text) if len(w) > _SHORT) for place in stands]
    first: dict[int, int] = {}
    for later in range(1, len(stands)):
        near = np.argsort(-alike[later])[:3]
        for earlier in map(int, near):
            if earlier < later and _same(alike[later, earlier], said[earlier], said[later]):
                start = stands[earlier].sentence.start
                first[stands[later].sentence.start] = first.get(start, start)
                break
    return first


def _same(alike: float, one: frozenset[str], other: frozenset[str]) -> bool:
    fewer = min(len(one), len(other))
    if fewer < _LEAST:
        return one == other and fewer > 2
    shared = len(one & other) / fewer
    return shared >= _SHARED or (alike >= _NEAR and shared >= 0.5)
