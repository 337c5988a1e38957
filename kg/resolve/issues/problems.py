"""Problems that reports find over and over, and which of them a cluster of weaknesses is.

``ontology/problems.yaml`` has their labels and, for each, sentences in the words of the genre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from kg.resolve.issues.weakness import Mention

MAIN_THEME, OTHER_THEME = 4.0, 2.0
"""How much more a problem counts for a finding whose main or other theme it belongs to."""

SURE, VOTES = 0.12, 0.4
"""A cluster bears a problem's label when its findings' mean share in it is at least the one,
and the problem is the first of at least the other share of them."""


class Problem(msgspec.Struct, frozen=True):
    """A known problem: its theme, its label, and sentences that report it."""

    theme: str
    label: str
    says: tuple[str, ...]


@cache
def problems() -> tuple[Problem, ...]:
    """The known problems in the order of the file."""
    text = (files("ontology") / "problems.yaml").read_bytes()
    known = msgspec.yaml.decode(text, type=dict[str, dict[str, tuple[str, ...]]])
    return tuple(
        Problem(theme, label, (*says, label.replace(":", "")))
        for theme, labels in known.items()
        for label, says in labels.items()
    )


def main_problem(cluster: Sequence[Mention]) -> Problem | None:
    """The known problem that a cluster is about, if it is surely one."""
    each = np.stack([_shares(mention) for mention in cluster])
    mean = each.mean(axis=0)
    best = int(mean.argmax())
    votes = float((each.argmax(axis=1) == best).mean())
    return problems()[best] if mean[best] >= SURE and votes >= VOTES else None


def main_themes(cluster: Sequence[Mention]) -> tuple[str, ...]:
    """Up to three themes, by how many of the findings have them, main ones counting double."""
    counts: Counter[str] = Counter()
    for mention in cluster:
        counts.update(mention.themes)
        counts.update(mention.themes[:1])
    return tuple(sorted(counts, key=lambda theme: (-counts[theme], theme))[:3])


def _shares(mention: Mention) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How a finding divides among the problems, given its themes; the sum is 1."""
    known = problems()
    weight = np.ones(len(known))
    for place, problem in enumerate(known):
        if problem.theme in mention.themes:
            weight[place] = MAIN_THEME if problem.theme == mention.themes[0] else OTHER_THEME
    shares = mention.problems.astype(np.float64) ** 2 * weight
    total = shares.sum()
    return np.asarray(shares / total if total else shares)
