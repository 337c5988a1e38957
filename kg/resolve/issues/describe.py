"""What is said of an issue: its label, themes, strength, and why it is one.

The label is that of a known problem; else the thing is its theme, and what fails in it is the
aspect that most of its findings have: "Supervision: not regular".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kg.resolve.issues.aspects import aspects
from kg.resolve.issues.cluster import SURE, Cluster, main_themes
from kg.resolve.issues.similarity import Matrix
from kg.resolve.issues.weakness import Mention, Repeat
from ontology.problems import Problem, problems
from ontology.themes import theme_label

MOST = 90
"""Characters of a label, at most."""


def label(cluster: Cluster) -> str:
    """The label of a cluster of weaknesses."""
    if cluster.problem:
        return cluster.problem.label
    thing = theme_label(main_themes(cluster.members)[0])
    fails = _main_aspect(cluster.members)
    text = f"{thing}: {fails.lower()}" if fails else thing
    return (text[0].upper() + text[1:])[:MOST]


def themes(cluster: Cluster) -> tuple[str, ...]:
    """Up to three themes; that of a known problem is the main one."""
    found = main_themes(cluster.members)
    own = (cluster.problem.theme,) if cluster.problem else ()
    return tuple(dict.fromkeys((*own, *found)))[:3]


def _main_aspect(cluster: Sequence[Mention]) -> str:
    """The aspect of most events; among equals the one that the file names first."""
    events = Counter(aspect for m in cluster for aspect in m.aspects)
    order = list(aspects())
    if not events:
        return ""
    best = min(events, key=lambda name: (-events[name], order.index(name)))
    return aspects()[best].label if events[best] > 1 or len(cluster) < 2 else ""


def strength(cluster: Cluster, said: Sequence[Repeat]) -> float:
    """Events that raised it, or to which a document points, times how sure its findings are:
    their mean share in a known problem, else how alike they are."""
    events = {mention.event for mention in cluster.members} | {repeat.event for repeat in said}
    return round(len(events) * _sureness(cluster), 3)


def explanation(cluster: Cluster, said: Sequence[Repeat]) -> str:
    """Why these findings were joined, in one sentence."""
    members, reasons = cluster.members, []
    if cluster.problem:
        sure = sum(float(share) >= SURE for share in _shares(members, cluster.problem))
        reasons.append(
            f"a problem that reports often name, “{cluster.problem.label}”, which {sure} of "
            f"{len(members)} findings surely report"
        )
    if len(members) > 1:
        reasons.append(f"a mean likeness of {_likeness(cluster.alike):.2f}")
    theme = themes(cluster)[0]
    shared = sum(theme in mention.themes for mention in members)
    reasons.append(f"the theme “{theme_label(theme)}” in {shared} of {len(members)} findings")
    if not cluster.problem and (fails := _main_aspect(members)):
        reasons.append(f"the aspect “{fails.lower()}”")
    if said:
        reasons.append("the documents' own words that it was raised before")
    return "Joined by " + ", ".join(reasons) + "."


def _sureness(cluster: Cluster) -> float:
    if cluster.problem:
        return float(np.mean(_shares(cluster.members, cluster.problem)))
    return _likeness(cluster.alike)


def _shares(members: Sequence[Mention], problem: Problem) -> list[float]:
    place = problems().index(problem)
    return [float(mention.shares[place]) for mention in members]


def _likeness(alike: Matrix) -> float:
    """The mean probability over pairs of different findings; 1 for a single finding."""
    count = len(alike)
    return float((alike.sum() - np.trace(alike)) / (count * (count - 1))) if count > 1 else 1.0
