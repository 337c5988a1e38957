"""Weaknesses into problems: agglomerative clustering with average linkage.

Average linkage keeps a chain of look-alikes from joining two different problems of one
theme: every new member must be near to all of a cluster on average. The more a cluster
holds, the nearer its members must be, since broad clusters join problems that only share
a theme. Clusters that bear the label of one known problem are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log2

import numpy as np
from scipy.cluster.hierarchy import ClusterNode, linkage, to_tree
from scipy.spatial.distance import squareform

from kg.resolve.issues.problems import main_problem, main_themes
from kg.resolve.issues.similarity import Matrix, Weights, probabilities, trained
from kg.resolve.issues.weakness import Mention

CROWDING = 0.05
"""How much nearer the members must be for each doubling beyond ``FREE`` of them."""

FREE = 6

UNKNOWN_LINK = 0.75
"""The least probability of a pair that makes it sure that a problem without a name came back."""

GENERAL = "practice-quality"
"""The theme of what no narrower theme fits: alone, it names no specific problem."""

RESEMBLES = 0.2
"""The least probability of a finding's likeliest pair with another event's finding."""

Places = list[int]


def clusters(
    weaknesses: Sequence[Mention], weights: Weights | None = None
) -> Iterator[tuple[list[Mention], Matrix]]:
    """Every cluster, single findings too, and the probabilities inside each."""
    if len(weaknesses) < 2:
        yield from (([weakness], np.ones((1, 1), np.float32)) for weakness in weaknesses)
        return
    model = weights or trained()
    alike = probabilities(weaknesses, weaknesses, model)
    distance = 1 - (alike + alike.T) / 2
    np.fill_diagonal(distance, 0)
    tree = to_tree(linkage(squareform(distance, checks=False), method="average"))
    for places in _of_one_problem(_cut(tree, model.threshold), weaknesses):
        yield [weaknesses[place] for place in places], alike[np.ix_(places, places)]


def recurring(
    cluster: Sequence[Mention], alike: Matrix, weights: Weights | None = None
) -> tuple[list[Mention], Matrix]:
    """The findings of a cluster that another event's findings resemble, and their probabilities.

    None where no two events hold findings that are surely one problem.
    """
    model = weights or trained()
    known = main_problem(cluster)
    if known is None and main_themes(cluster)[0] == GENERAL:
        return [], alike[:0, :0]
    events = np.array([mention.event for mention in cluster])
    across = np.where(events[:, None] != events[None, :], alike, 0).max(axis=1)
    least = model.link if known else UNKNOWN_LINK
    if across.max() < least:
        return [], alike[:0, :0]
    kept = np.flatnonzero(across >= RESEMBLES)
    return [cluster[int(place)] for place in kept], alike[np.ix_(kept, kept)]


def _cut(tree: ClusterNode, threshold: float) -> Iterator[Places]:
    """The widest branches whose members are near enough for their number."""
    waiting = [tree]
    while waiting:
        branch = waiting.pop()
        crowd = max(0.0, log2(branch.count / FREE))
        if branch.is_leaf() or 1 - branch.dist >= threshold + CROWDING * crowd:
            yield sorted(branch.pre_order())
        else:
            waiting += [branch.get_right(), branch.get_left()]


def _of_one_problem(branches: Iterator[Places], weaknesses: Sequence[Mention]) -> list[Places]:
    """The branches; those of several events that are one known problem are joined."""
    known: dict[str, Places] = defaultdict(list)
    others = []
    for places in branches:
        cluster = [weaknesses[place] for place in places]
        several = len({mention.event for mention in cluster}) > 1
        problem = main_problem(cluster) if several else None
        if problem:
            known[problem.label] += places
        else:
            others.append(places)
    return others + [sorted(places) for places in known.values()]
