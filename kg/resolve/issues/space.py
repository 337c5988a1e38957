"""Where a quotation stands among themes and known problems, in the space of an embedder.

Sentences of one genre all point much the same way. Measured from the middle of the themes'
definitions, a vector tells what a sentence says beside the genre; how near it then is to
each theme is its profile, and how it divides among the known problems tells what fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder, normalised
from kg.resolve.issues.problems import problems
from ontology.themes import theme_texts

SHARPNESS = 8.0
"""How much more the nearest themes count in a profile."""

PROBLEM_SHARPNESS = 20.0
"""How much more the nearest problems count."""

Rows = NDArray[np.float32]


class Placed(NamedTuple):
    """Rows of length 1: texts from the middle of the themes, their profiles, and the square
    roots of their shares in the known problems."""

    vectors: Rows
    profiles: Rows
    problems: Rows


class _Anchors(NamedTuple):
    """The middle of the themes; themes, and sentences of problems, measured from it."""

    middle: Rows
    themes: Rows
    sentences: Rows


class ThemeSpace:
    """Themes and problems in an embedder's space; embedded when first needed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._anchors: _Anchors | None = None

    def place(self, texts: list[str]) -> Placed:
        """Where each text stands."""
        anchors = self._anchors = self._anchors or self._embed_anchors()
        vectors = normalised(self._embedder.encode(texts) - anchors.middle)
        profiles = normalised(np.exp(SHARPNESS * (vectors @ anchors.themes.T)))
        return Placed(vectors, profiles, _roots_of_shares(vectors @ anchors.sentences.T))

    def _embed_anchors(self) -> _Anchors:
        themes = self._embedder.encode(theme_texts())
        said = self._embedder.encode([text for problem in problems() for text in problem.says])
        middle = themes.mean(axis=0)
        return _Anchors(middle, normalised(themes - middle), normalised(said - middle))


def _roots_of_shares(near: Rows) -> Rows:
    """From cosines with the problems' sentences; the squares of a row add up to 1."""
    counts = np.array([len(problem.says) for problem in problems()])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    means = np.add.reduceat(near, starts, axis=1) / counts
    return normalised(np.exp(PROBLEM_SHARPNESS / 2 * means))
