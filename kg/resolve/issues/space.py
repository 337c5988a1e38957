"""Where a quotation stands among the themes, in the space of an embedder.

Sentences of one genre all point much the same way. Measured from the middle of the themes'
definitions, a vector tells what a sentence says beside the genre; how near it then is to
each theme is its profile.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder, normalised
from ontology.themes import theme_texts

SHARPNESS = 8.0
"""How much more the nearest themes count in a profile."""

Rows = NDArray[np.float32]


class Placed(NamedTuple):
    """Rows of length 1: texts from the middle of the themes, and their profiles."""

    vectors: Rows
    profiles: Rows


class ThemeSpace:
    """The themes' definitions in an embedder's space; embedded when first needed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._themes: tuple[Rows, Rows] | None = None

    def place(self, texts: list[str]) -> Placed:
        """Where each text stands."""
        middle, themes = self._themes or self._embed_themes()
        vectors = normalised(self._embedder.encode(texts) - middle)
        return Placed(vectors, normalised(np.exp(SHARPNESS * (vectors @ themes.T))))

    def _embed_themes(self) -> tuple[Rows, Rows]:
        texts = self._embedder.encode(theme_texts())
        middle = texts.mean(axis=0)
        self._themes = (middle, normalised(texts - middle))
        return self._themes
