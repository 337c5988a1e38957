"""What is said of an issue: its label, themes, strength, and why it is one.

The label is that of a known problem; else the thing is its theme, and what fails in it is the
aspect that most of its findings have: "Supervision: not regular".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kg.resolve.issues.aspects import aspects
from kg.resolve.issues.problems import main_problem, main_themes
from kg.resolve.issues.similarity import Matrix
from kg.resolve.issues.weakness import Mention, Repeat
from ontology.themes import theme_label

MOST = 90
"""Characters of a label, at most."""


def label(cluster: Sequence[Mention]) -> str:
    """The label of a cluster of weaknesses."""
    if known := main_problem(cluster):
        return known.label
    thing = theme_label(main_themes(cluster)[0])
    fails = _main_aspect(cluster)
    text = f"{thing}: {fails.lower()}" if fails else thing
    return (text[0].upper() + text[1:])[:MOST]


def _main_aspect(cluster: Sequence[Mention]) -> str:
    """The aspect of most events; among equals the one that the file names first."""
    events = Counter(aspect for m in cluster for aspect in m.aspects)
    order = list(aspects())
    if not events:
        return ""
    best = min(events, key=lambda name: (-events[name], order.index(name)))
    return aspects()[best].label if events[best] > 1 or len(cluster) < 2 else ""


def strength(cluster: Sequence[Mention], alike: Matrix, said: Sequence[Repeat]) -> float:
    """Events that raised it, or to which a document points, times how alike its findings are."""
    events = {mention.event for mention in cluster} | {repeat.event for repeat in said}
    return round(len(events) * _likeness(alike), 3)


def explanation(cluster: Sequence[Mention], alike: Matrix, said: Sequence[Repeat]) -> str:
    """Why these findings were joined, in one sentence."""
    reasons = [f"a mean likeness of {_likeness(alike):.2f}"] if len(cluster) > 1 else []
    theme = main_themes(cluster)[0]
    shared = sum(theme in mention.themes for mention in cluster)
    reasons.append(f"the theme “{theme_label(theme)}” in {shared} of {len(cluster)} findings")
    if known := main_problem(cluster):
        reasons.append(f"a problem that reports often name, “{known.label}”")
    elif fails := _main_aspect(cluster):
        reasons.append(f"the aspect “{fails.lower()}”")
    if said:
        reasons.append("the documents' own words that it was raised before")
    return "Joined by " + ", ".join(reasons) + "."


def _likeness(alike: Matrix) -> float:
    """The mean probability over pairs of different findings; 1 for a single finding."""
    count = len(alike)
    return float((alike.sum() - np.trace(alike)) / (count * (count - 1))) if count > 1 else 1.0
