"""The trained part: small linear models, read from ``weights/`` and applied with numpy.

One head tells findings from other sentences, one the polarity of a finding, one its themes.
A head adds up blocks of features times weights; themes also have features of their own (is
this theme named, and how early?), which share one weight and may each deviate from it.
``python -m kg.training`` writes the weights and the card that describes them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg import weights
from kg.extract.findings.features import Features, Matrix

VECTOR_SCALE = 4.0
GRAM_SCALE = 4.0
BLOCKS: dict[str, tuple[str, ...]] = {
    "finding": ("vector", "said", "where", "grams"),
    "polarity": ("vector", "said", "told", "where", "grams"),
    "themes": ("vector", "labels", "cues", "grams"),
}
"""The blocks of each head; without the packaged model ``vector`` is left out."""


class HeadCard(msgspec.Struct, frozen=True):
    """One head: what it tells apart and which blocks it reads."""

    classes: tuple[str, ...]
    blocks: tuple[str, ...]


class Card(msgspec.Struct, frozen=True):
    """What the weights are: written beside them, read by people and by :func:`load`.

    ``embedder`` names the vectors that the weights were trained on; empty for weights that
    need none.
    """

    embedder: str
    grams: tuple[str, ...]
    heads: dict[str, HeadCard]
    rows: dict[str, int]
    measured: dict[str, float]


@dataclass(frozen=True)
class Model:
    """A card with its weights."""

    card: Card
    weights: Mapping[str, NDArray[np.float32]]

    def scores(self, head: str, seen: Features, vectors: Matrix) -> Matrix:
        """Probabilities, a row a sentence and a column a class of the head."""
        blocks = block_values(self.card.heads[head].blocks, seen, vectors)
        if "grams" in self.card.heads[head].blocks:
            blocks["grams"] = gram_values(seen.grams, self._columns, self.weights["grams.idf"])
        total = self.weights[f"{head}.bias"] + sum(
            values @ self.weights[f"{head}.{block}"] for block, values in blocks.items()
        )
        if head == "themes":
            own = self.weights["themes.own"]
            total = total + sum(
                values * weights for values, weights in zip(aligned(seen), own, strict=True)
            )
        return softmax(total)

    @property
    def _columns(self) -> dict[str, int]:
        return {gram: i for i, gram in enumerate(self.card.grams)}


@cache
def load(name: str) -> Model:
    """The model ``vector`` (trained with sentence vectors) or ``plain`` (without)."""
    return Model(*weights.load("kg.extract.findings", name, Card))


def suited(embedder: str) -> Model:
    """The model for an embedder: with its vectors when they are the ones trained on."""
    model = load("vector")
    return model if embedder.split("@")[0] == model.card.embedder else load("plain")


def block_values(blocks: Sequence[str], seen: Features, vectors: Matrix) -> dict[str, Matrix]:
    """The dense blocks of a head."""
    known = {
        "vector": vectors * VECTOR_SCALE,
        "said": seen.said,
        "told": seen.told,
        "where": seen.where,
        "labels": seen.labels,
        "cues": seen.cues,
    }
    return {block: known[block] for block in blocks if block in known}


def gram_values(
    rows: Sequence[Sequence[str]], columns: Mapping[str, int], idf: NDArray[np.float32]
) -> Matrix:
    """Weighted words and pairs that the model knows; every row has length 1 or 0."""
    values = np.zeros((len(rows), len(columns)), np.float32)
    for row, said in zip(values, rows, strict=True):
        known = [columns[gram] for gram in set(said) if gram in columns]
        row[known] = idf[known]
        row *= GRAM_SCALE / max(float(np.linalg.norm(row)), 1e-6)
    return values


def aligned(seen: Features) -> tuple[Matrix, ...]:
    """Features with a column a theme, each of its own theme."""
    return (
        seen.labels,
        seen.cues,
        seen.early,
        seen.before,
        seen.before * seen.leaning,
        seen.hinted * seen.leaning,
        seen.above,
    )


def inverse_frequency(rows: Sequence[Sequence[str]], least: int, most: int) -> dict[str, float]:
    """The commonest words and pairs of some rows, with the weight of each."""
    counts = Counter(gram for row in rows for gram in set(row))
    kept = sorted((gram for gram in counts if counts[gram] >= least), key=lambda g: (-counts[g], g))
    return {gram: math.log(len(rows) / counts[gram]) for gram in kept[:most]}


def softmax(values: NDArray[np.float32]) -> Matrix:
    """Rows that sum to 1."""
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
