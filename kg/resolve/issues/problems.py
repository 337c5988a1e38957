"""Problems that reports find over and over, and which of them a cluster of weaknesses is.

``ontology/problems.yaml`` has their labels and, for each, sentences in the words of the genre.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from kg.resolve.issues.weakness import Mention

MAIN_THEME, OTHER_THEME = 4.0, 2.0
"""How much more a problem counts for a finding whose main or other theme it belongs to."""

SURE = 0.12
"""The least mean share of a cluster's findings at which it bears the problem's label."""


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
    shares = np.mean([_shares(mention) for mention in cluster], axis=0)
    best = int(shares.argmax())
    return problems()[best] if shares[best] >= SURE else None


def _shares(mention: Mention) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How a finding divides among the problems, given its themes; the sum is 1."""
    known = problems()
    weight = np.ones(len(known))
    for place, problem in enumerate(known):
        if problem.theme in mention.themes:
            weight[place] = MAIN_THEME if problem.theme == mention.themes[0] else OTHER_THEME
    shares = mention.problems.astype(np.float64) ** 2 * weight
    return np.asarray(shares / shares.sum())
