"""Weaknesses into problems: agglomerative clustering with average linkage.

Average linkage keeps a chain of look-alikes from joining two different
problems of one theme: every new member must be near to all of a cluster on average.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from kg.resolve.issues.similarity import Matrix, Weights, probabilities, trained
from kg.resolve.issues.weakness import Mention


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
    tree = linkage(squareform(distance, checks=False), method="average")
    labels = fcluster(tree, t=1 - model.threshold, criterion="distance")
    members: dict[int, list[int]] = defaultdict(list)
    for position, label in enumerate(labels):
        members[int(label)].append(position)
    for places in members.values():
        yield [weaknesses[place] for place in places], alike[np.ix_(places, places)]
