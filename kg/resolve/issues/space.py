"""Where findings stand: vectors measured from the middle of the themes, shares in problems.

Sentences of one genre all point much the same way. Measured from the middle of the themes'
definitions, a vector tells what a sentence says beside the genre.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder, normalised
from kg.extract.findings.features import grams
from kg.resolve.issues.naming import Seen, suited, theme_values
from ontology.problems import problems
from ontology.themes import theme_texts

WHOLE = 0.4
"""How much the sentence with its paragraph counts in nearness, beside itself."""

BEST = 0.6
"""How much the nearest of a problem's sentences counts, beside the mean of all."""

SAME = 0.9999
"""The cosine from which two sentences are one."""

Rows = NDArray[np.float32]


class Statement(NamedTuple):
    """A finding's words, on one line, and the sentences before them in their paragraph."""

    text: str
    before: tuple[str, ...]
    themes: tuple[str, ...]


class Placed(NamedTuple):
    """Vectors of length 1, and shares in each known problem and, last, in none; a row each."""

    vectors: Rows
    shares: Rows


class _Anchors(NamedTuple):
    """The middle of the themes, and the sentences of the problems measured from it."""

    middle: Rows
    sentences: Rows
    starts: NDArray[np.intp]


class ProblemSpace:
    """Known problems in an embedder's space; embedded when first needed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._anchors: _Anchors | None = None

    def place(self, said: Sequence[Statement]) -> Placed:
        """Where each statement stands."""
        seen = self.look(said)
        return Placed(seen.vector, suited(self._embedder.name).shares(seen))

    def look(self, said: Sequence[Statement]) -> Seen:
        """What the naming model sees of statements."""
        anchors = self._anchors = self._anchors or self._embed_anchors()
        vectors = self._vectors([each.text for each in said], anchors)
        wholes = self._wholes(said, vectors, anchors)
        return Seen(
            vector=vectors,
            whole=wholes,
            near=_near(((1 - WHOLE) * vectors + WHOLE * wholes) @ anchors.sentences.T, anchors),
            themes=theme_values([each.themes for each in said], problems()),
            grams=[grams(each.text) for each in said],
        )

    def _wholes(self, said: Sequence[Statement], vectors: Rows, anchors: _Anchors) -> Rows:
        """Each statement with its paragraph: the middle of their vectors, which are at hand."""
        before = [text for each in said for text in each.before]
        if not before:
            return vectors
        total = vectors.copy()
        owners = np.repeat(np.arange(len(said)), [len(each.before) for each in said])
        np.add.at(total, owners, self._vectors(before, anchors))
        return normalised(total)

    def _vectors(self, texts: list[str], anchors: _Anchors) -> Rows:
        return normalised(self._embedder.encode(texts) - anchors.middle)

    def _embed_anchors(self) -> _Anchors:
        middle = self._embedder.encode(theme_texts()).mean(axis=0)
        said = _said()
        sentences = self._embedder.encode([text for texts in said for text in texts])
        starts = np.cumsum([0, *map(len, said)])[:-1]
        return _Anchors(middle, normalised(sentences - middle), starts)


def anchor_texts() -> list[str]:
    """All texts that are embedded to measure from, whatever the documents are."""
    return [*theme_texts(), *(text for texts in _said() for text in texts)]


def _said() -> list[tuple[str, ...]]:
    """The sentences of each problem."""
    return [(*problem.says, problem.label.replace(":", "")) for problem in problems()]


def _near(cosines: Rows, anchors: _Anchors) -> Rows:
    """How near each row is to each problem, from its cosines with their sentences.

    A sentence of the file is not compared with itself, so that training, to which it is an
    example, sees how near others of its problem are.
    """
    others = cosines < SAME
    counts = np.maximum(np.add.reduceat(others, anchors.starts, axis=1, dtype=np.float32), 1)
    means = np.add.reduceat(np.where(others, cosines, 0), anchors.starts, axis=1) / counts
    most = np.maximum.reduceat(np.where(others, cosines, 0), anchors.starts, axis=1)
    return np.asarray(BEST * most + (1 - BEST) * means, np.float32)
