"""Fitting of the heads: softmax regression with shrinkage, by L-BFGS.

Deterministic on one machine: no sampling, no shuffling, zeros to begin with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kg.extract.findings.features import Features, Matrix
from kg.extract.findings.heads import (
    BLOCKS,
    Card,
    HeadCard,
    Model,
    aligned,
    block_values,
    gram_values,
    inverse_frequency,
)
from kg.extract.findings.lexicon import themes
from kg.training.data import INVENTED, Example

CLASSES: dict[str, tuple[str, ...]] = {
    "finding": ("no", "yes"),
    "polarity": ("strength", "weakness", "mixed", "progress"),
}


@dataclass(frozen=True)
class Settings:
    """How strongly weights are held near zero, and how much a row counts.

    ``shrink`` is a multiple of the squared weights of each block; ``dense`` blocks of counts
    are shrunk less than words, which are many. ``shares`` is how the first, second and third
    theme of a sentence share its weight.
    """

    shrink: dict[str, float]
    block: dict[str, float]
    own: float = 3.0
    least: int = 3
    most: int = 3000
    steps: int = 60
    hard: float = 0.5
    composed: float = 2.0
    unfound: float = 2.0
    shares: tuple[float, float, float] = (0.85, 0.1, 0.05)


DEFAULT = Settings(
    shrink={"finding": 3e-4, "polarity": 3e-4, "themes": 3e-4},
    block={
        "vector": 1.0,
        "said": 0.3,
        "told": 2.0,
        "where": 0.3,
        "grams": 1.0,
        "labels": 0.5,
        "cues": 1.0,
    },
)


@dataclass(frozen=True)
class Rows:
    """Examples with their features, in the same order."""

    examples: list[Example]
    seen: Features
    vectors: Matrix

    def pick(self, keep: Sequence[int]) -> Rows:
        """Some of the rows."""
        seen: dict[str, Any] = {
            name: [value[i] for i in keep] if isinstance(value, list) else value[list(keep)]
            for name, value in vars(self.seen).items()
        }
        return Rows([self.examples[i] for i in keep], Features(**seen), self.vectors[list(keep)])


def train(rows: Rows, embedder: str, settings: Settings = DEFAULT) -> Model:
    """All heads fitted to some rows."""
    idf = inverse_frequency(rows.seen.grams, settings.least, settings.most)
    weights: dict[str, NDArray[np.float32]] = {
        "grams.idf": np.array(list(idf.values()), dtype=np.float32)
    }
    heads = {}
    for head, blocks in BLOCKS.items():
        blocks = tuple(b for b in blocks if embedder or b != "vector")
        heads[head] = HeadCard(CLASSES.get(head, themes()), blocks)
        weights |= _head(head, heads[head], rows, idf, settings)
    return Model(Card(embedder, tuple(idf), heads, _counts(rows), {}), weights)


def _counts(rows: Rows) -> dict[str, int]:
    sources = [example.source for example in rows.examples]
    return {source: sources.count(source) for source in sorted(set(sources))}


def _head(
    head: str, card: HeadCard, rows: Rows, idf: dict[str, float], settings: Settings
) -> dict[str, NDArray[np.float32]]:
    if head != "finding":
        rows = rows.pick([i for i, e in enumerate(rows.examples) if e.is_finding])
    blocks = {
        name: torch.from_numpy(values)
        for name, values in block_values(card.blocks, rows.seen, rows.vectors).items()
    }
    columns = {gram: i for i, gram in enumerate(idf)}
    values = gram_values(rows.seen.grams, columns, np.array(list(idf.values()), np.float32))
    blocks["grams"] = torch.from_numpy(values).to_sparse()
    extra = [torch.from_numpy(each) for each in aligned(rows.seen)] if head == "themes" else []
    target = torch.from_numpy(_targets(head, card.classes, rows.examples, settings))
    weigh = torch.from_numpy(_weights(head, rows.examples, settings))
    fitted = _Fit(blocks, extra, target, weigh).run(head, settings)
    return {f"{head}.{name}": value for name, value in fitted.items()}


def _targets(
    head: str, classes: tuple[str, ...], rows: Sequence[Example], settings: Settings
) -> NDArray[np.float32]:
    values = np.zeros((len(rows), len(classes)), np.float32)
    column = {name: i for i, name in enumerate(classes)}
    for row, example in zip(values, rows, strict=True):
        if head == "finding":
            row[int(example.is_finding)] = 1
        elif head == "polarity" and example.polarity:
            row[column[example.polarity]] = 1
        else:
            for theme, share in zip(example.themes, settings.shares, strict=False):
                row[column[theme]] += share
            row /= row.sum()
    return values


def _weights(head: str, rows: Sequence[Example], settings: Settings) -> NDArray[np.float32]:
    values = np.ones(len(rows), np.float32)
    for i, example in enumerate(rows):
        values[i] *= settings.hard if example.hard else 1
        values[i] *= settings.composed if example.source == INVENTED else 1
        values[i] *= settings.unfound if head == "finding" and not example.is_finding else 1
    return np.asarray(values / values.sum(), np.float32)


class _Fit:
    """One regression: blocks of features, features with a column a class, soft targets."""

    def __init__(
        self,
        blocks: dict[str, torch.Tensor],
        extra: list[torch.Tensor],
        target: torch.Tensor,
        weigh: torch.Tensor,
    ) -> None:
        self.blocks, self.extra, self.target, self.weigh = blocks, extra, target, weigh
        classes = target.shape[1]
        self.weights = {
            name: torch.zeros(values.shape[1], classes, requires_grad=True)
            for name, values in blocks.items()
        }
        self.bias = torch.zeros(classes, requires_grad=True)
        self.shared = torch.zeros(len(extra), 1, requires_grad=True)
        self.apart = torch.zeros(len(extra), classes, requires_grad=True)

    def run(self, head: str, settings: Settings) -> dict[str, NDArray[np.float32]]:
        """The weights at the least loss."""
        free = [*self.weights.values(), self.bias, self.shared, self.apart]
        best = torch.optim.LBFGS(free, max_iter=settings.steps, line_search_fn="strong_wolfe")

        def loss() -> torch.Tensor:
            best.zero_grad()
            value = self._loss(settings.shrink[head], settings)
            value.backward()  # type: ignore[no-untyped-call]
            return value

        best.step(loss)  # type: ignore[no-untyped-call]
        out = {name: weights.detach().numpy() for name, weights in self.weights.items()}
        out["bias"] = self.bias.detach().numpy()
        if self.extra:
            out["own"] = (self.shared + self.apart).detach().numpy()
        return out

    def _loss(self, shrink: float, settings: Settings) -> torch.Tensor:
        total = self.bias + sum(
            torch.sparse.mm(values, self.weights[name])
            if values.is_sparse
            else values @ self.weights[name]
            for name, values in self.blocks.items()
        )
        for i, values in enumerate(self.extra):
            total = total + values * (self.shared[i] + self.apart[i])
        told = (self.target * torch.log_softmax(total, 1)).sum(1)
        size = sum(settings.block[name] * (w**2).sum() for name, w in self.weights.items())
        return -(self.weigh * told).sum() + shrink * (size + settings.own * (self.apart**2).sum())
