"""How the parts of search are put into one score. Pure arithmetic.

The parts are on fixed scales (cosines; the share of the query's terms), so they are
added with weights rather than by rank: ranks throw away how much better the first is
and count twice what two arms find for one reason. Weights were chosen on development
queries from a coarse grid where neighbours score alike.
"""

from __future__ import annotations

import msgspec
import numpy as np

from kg.embed import Vectors


class Weights(msgspec.Struct, frozen=True):
    """What each part counts for."""

    sentence: float = 1.0
    passage: float = 0.5
    terms: float = 1.0


WEIGHTS = Weights()


def combined(
    passage: Vectors, sentence: Vectors, terms: Vectors, weights: Weights = WEIGHTS
) -> Vectors:
    """One score for each passage, at most 1."""
    total = weights.passage + weights.sentence + weights.terms
    score = weights.passage * passage + weights.sentence * sentence + weights.terms * terms
    return np.asarray(score / total, dtype=np.float32)
