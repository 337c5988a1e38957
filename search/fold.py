"""Folding of passages that repeat one another, such as a summary and its body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+")

RUN = 4
"""Words in a run; two texts share wording when they share runs."""

SHARE = 0.6
"""Share of the shorter text's runs that the other must hold to be its repeat."""


def groups(texts: Iterable[str], limit: int) -> list[list[int]]:
    """The first ``limit`` texts that repeat none before, each with its later repeats.

    Order is kept; a repeat that stands after the last group wanted is left out.
    """
    kept: list[list[int]] = []
    runs: list[frozenset[int]] = []
    for number, text in enumerate(texts):
        own = _runs(text)
        repeated = next((i for i, other in enumerate(runs) if _repeats(own, other)), None)
        if repeated is not None:
            kept[repeated].append(number)
        elif len(kept) == limit:
            break
        else:
            kept.append([number])
            runs.append(own)
    return kept


@lru_cache(maxsize=1024)
def _runs(text: str) -> frozenset[int]:
    """Hashes of all runs of a text; what was found lately is often found again."""
    words = _WORD.findall(text.lower())
    shifted = (words[first:] for first in range(RUN))
    return frozenset(map(hash, zip(*shifted, strict=False)))


def _repeats(one: frozenset[int], other: frozenset[int]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= SHARE * shorter
