"""Which of the measures that documents print a question means."""

from __future__ import annotations

from collections.abc import Iterable

from search.ask.records import Reading
from search.words import STOPWORDS, words

ENOUGH = 0.66
"""The share of a measure's words that a question must have."""

IDLE = frozenset({"total", "number", "overall", "social"})
"""Words of measures that people leave out."""


class Measures:
    """The measures of the tables of one generation, by their words."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._stems = {label: _stems(label) for label in labels}

    def named(self, reading: Reading) -> list[str]:
        """The measures that a question names, the one with most words in common only."""
        asked = _stems(reading.mended)
        best: tuple[float, int] = (0.0, 0)
        found: list[str] = []
        for label, stems in self._stems.items():
            common = len(stems & asked)
            rank = (common / len(stems) if stems else 0.0, common)
            if rank[0] >= ENOUGH and common and rank >= best:
                found = [*found, label] if rank == best else [label]
                best = rank
        return found


def _stems(text: str) -> frozenset[str]:
    return frozenset(w.stem for w in words(text) if w.printed.lower() not in STOPWORDS | IDLE)
