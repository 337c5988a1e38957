"""Which of the known problems a finding reports: a small linear model over what it says.

A finding is seen through its vector, the vector of itself with the sentence that it points
back to, its words, how near it is to the sentences of each problem, and its themes. What it
gets is a share in each problem of ``problems.yaml`` and, last, in none of them; the shares
add up to 1. ``python -m kg.training.problems`` writes the weights, with vectors of the
packaged model (``vector``) and without any (``plain``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg import weights
from kg.extract.findings.heads import gram_values, softmax
from ontology.problems import Problem, problems

VECTOR_SCALE = 4.0
NEAR_SCALE = 10.0
THEME_SCALE = 3.0
OTHER_THEME = 0.5
"""A finding's second and third theme count half."""

Rows = NDArray[np.float32]


class Card(msgspec.Struct, frozen=True):
    """What the weights are: the problems and words in the order of their columns, the number
    of findings that they were fitted to, and what was measured on authorities held out."""

    embedder: str
    problems: tuple[str, ...]
    grams: tuple[str, ...]
    rows: int
    measured: dict[str, float]


@dataclass(frozen=True)
class Seen:
    """What the model sees of findings, a row each.

    ``near`` and ``themes`` have a column a known problem; ``vector`` and ``whole`` are
    without columns where no vectors that the weights know are at hand.
    """

    vector: Rows
    whole: Rows
    near: Rows
    themes: Rows
    grams: list[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.grams)


@dataclass(frozen=True)
class NamingModel:
    """A card with its weights."""

    card: Card
    weights: Mapping[str, Rows]

    def shares(self, seen: Seen) -> Rows:
        """A row a finding: its share in each known problem, in the order of the file, and in
        none of them. A problem that the weights do not know is told by nearness alone."""
        columns = {gram: i for i, gram in enumerate(self.card.grams)}
        words = gram_values(seen.grams, columns, self.weights["grams.idf"])
        learnt = self.weights["bias"] + words @ self.weights["grams"]
        for block in ("vector", "whole"):
            if block in self.weights:
                learnt = learnt + getattr(seen, block) * VECTOR_SCALE @ self.weights[block]
        nearness = aligned(seen) @ self.weights["aligned"]
        return softmax(np.concatenate([self._ordered(learnt) + nearness, learnt[:, -1:]], axis=1))

    def _ordered(self, learnt: Rows) -> Rows:
        """Columns from the order of the card to that of the file."""
        place = {name: i for i, name in enumerate(self.card.problems)}
        least = learnt[:, :-1].min(axis=1) if len(place) else np.zeros(len(learnt), np.float32)
        return np.stack(
            [
                learnt[:, place[problem.id]] if problem.id in place else least
                for problem in problems()
            ],
            axis=1,
        )


def aligned(seen: Seen) -> Rows:
    """Measures with a value for each finding and problem: shape (findings, problems, 2)."""
    return np.stack([seen.near * NEAR_SCALE, seen.themes * THEME_SCALE], axis=2)


def theme_values(themes: Sequence[Sequence[str]], known: Sequence[Problem]) -> Rows:
    """Whether each problem belongs to the main theme of each finding, or to another one."""
    values = np.zeros((len(themes), len(known)), np.float32)
    for row, found in zip(values, themes, strict=True):
        for column, problem in enumerate(known):
            if problem.theme in found:
                row[column] = 1.0 if problem.theme == found[0] else OTHER_THEME
    return values


@cache
def load(name: str) -> NamingModel:
    """The model ``vector`` or ``plain``."""
    return NamingModel(*weights.load("kg.resolve.issues", name, Card))


def suited(embedder: str) -> NamingModel:
    """The model for an embedder: with its vectors when they are the ones trained on."""
    model = load("vector")
    return model if embedder.split("@")[0] == model.card.embedder else load("plain")
