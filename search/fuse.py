"""How the parts of search are put into one score. Pure arithmetic.

The parts are on fixed scales (cosines; the share of the query's terms), so they are added
with weights rather than by rank: ranks throw away how much better the first is and count
twice what two arms find for one reason. On the 45 development queries (nDCG@10): weighted
0.63, standard scores 0.62, lexical part gated by its best share 0.62, reciprocal ranks of
two lists 0.59, of three 0.58. Weights come from a coarse grid on which neighbours score
alike; chosen on one half of the queries they do no better on the other half than these.
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
