"""Weaknesses into problems: by the known problem that they report, else by likeness.

A known problem gathers the findings that report it. Findings of two events that are sure of it
and resemble each other show that it is there; others come in whose share in it is high, or
clear or slight while they resemble a clear one of another event. A finding that reports two
problems belongs to both. What reports no known problem is clustered by average linkage, which
keeps a chain of look-alikes from joining two problems of one theme: every new member must be
near to all of a cluster on average, the nearer the more it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import ClusterNode, linkage, to_tree
from scipy.spatial.distance import squareform

from kg.resolve.issues.similarity import Laid, Matrix, Weights, probabilities, trained
from kg.resolve.issues.weakness import Mention
from ontology.problems import Problem, problems

SURE, HIGH, CLEAR, SLIGHT = 0.65, 0.5, 0.2, 0.03
"""The least shares by which a finding surely, probably, clearly or perhaps reports a problem."""

SAME, NEAR = 0.3, 0.4
"""The least cosine of two sure findings of different events that shows that one problem came
back, as of a finding that clearly reports it with a clear one of another event; and the least
of one that perhaps reports it."""

CROWDING = 0.05
"""How much nearer the members must be for each doubling beyond ``FREE`` of them."""

FREE = 6

GENERAL = "practice-quality"
"""The theme of what no narrower theme fits: alone, it names no specific problem."""

RESEMBLES = 0.2
"""The least probability of a finding's likeliest pair with another event's finding."""

Places = list[int]


class Cluster(NamedTuple):
    """Findings that are thought one problem: which known one, if any, and how alike each pair."""

    members: list[Mention]
    alike: Matrix
    problem: Problem | None = None


def clusters(weaknesses: Sequence[Mention], weights: Weights | None = None) -> Iterator[Cluster]:
    """Every cluster, single findings too."""
    if not weaknesses:
        return
    model = weights or trained()
    laid = Laid(weaknesses)
    alike = probabilities(laid, laid, model)
    rest = set(range(len(weaknesses)))
    for problem, places in _named(_Field.of(weaknesses)):
        rest -= set(places)
        yield _cluster(weaknesses, alike, places, problem)
    for places in _linked(sorted(rest), alike, model):
        yield _cluster(weaknesses, alike, places)


def recurring(cluster: Cluster, weights: Weights | None = None) -> Cluster | None:
    """The cluster without what resembles nothing of another event in it, if it surely recurs.

    None where no two events hold findings that are surely one problem.
    """
    if cluster.problem:
        return cluster if len({mention.event for mention in cluster.members}) > 1 else None
    if main_themes(cluster.members)[0] == GENERAL:
        return None
    events = np.array([mention.event for mention in cluster.members])
    across = np.where(events[:, None] != events[None, :], cluster.alike, 0).max(axis=1)
    if across.max() < (weights or trained()).link:
        return None
    kept = [int(place) for place in np.flatnonzero(across >= RESEMBLES)]
    return _cluster(cluster.members, cluster.alike, kept)


def main_themes(cluster: Sequence[Mention]) -> tuple[str, ...]:
    """Up to three themes, by how many of the findings have them, main ones counting double."""
    counts: Counter[str] = Counter()
    for mention in cluster:
        counts.update(mention.themes)
        counts.update(mention.themes[:1])
    return tuple(sorted(counts, key=lambda theme: (-counts[theme], theme))[:3])


def _cluster(
    mentions: Sequence[Mention], alike: Matrix, places: Places, problem: Problem | None = None
) -> Cluster:
    return Cluster([mentions[place] for place in places], alike[np.ix_(places, places)], problem)


class _Field(NamedTuple):
    """Findings as arrays: their shares in each problem, which pairs are of different events,
    and the cosines of those pairs (-1 for pairs of one event)."""

    shares: Matrix
    events: NDArray[np.str_]
    across: Matrix

    @classmethod
    def of(cls, mentions: Sequence[Mention]) -> _Field:
        vectors = np.stack([mention.vector for mention in mentions]).astype(np.float32)
        events = np.array([mention.event for mention in mentions])
        apart = events[:, None] != events[None, :]
        shares = np.stack([mention.shares for mention in mentions]).astype(np.float32)
        return cls(shares, events, np.where(apart, vectors @ vectors.T, -1).astype(np.float32))


def _named(field: _Field) -> Iterator[tuple[Problem, Places]]:
    """The known problems that are surely reported, each with the findings that report it."""
    for problem, share in zip(problems(), field.shares.T, strict=False):
        sure = np.flatnonzero(share >= SURE)
        if problem.general or not len(sure):
            continue
        if field.across[np.ix_(sure, sure)].max() >= SAME:
            clear = share >= CLEAR
            near = field.across[:, clear].max(axis=1)
            alike = (clear & (near >= SAME)) | ((share >= SLIGHT) & (near >= NEAR))
            yield problem, np.flatnonzero((share >= HIGH) | alike).tolist()
        else:
            yield from ((problem, [int(place)]) for place in sure)


def _linked(rest: Places, alike: Matrix, model: Weights) -> Iterator[Places]:
    """What reports no known problem, by average linkage."""
    if len(rest) < 2:
        yield from ([place] for place in rest)
        return
    near = alike[np.ix_(rest, rest)]
    distance = 1 - (near + near.T) / 2
    np.fill_diagonal(distance, 0)
    tree = to_tree(linkage(squareform(distance, checks=False), method="average"))
    yield from ([rest[place] for place in branch] for branch in _cut(tree, model.threshold))


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
