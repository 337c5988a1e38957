"""How a problem stands at its last mention: persisting, improving, resolved or returned.

Only what documents say counts. A later strength on the same problem resolves it, later
progress improves it; a weakness after such a strength means that it returned. Silence
changes nothing: a visit that did not look at the problem says nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.edtf import earliest, latest
from kg.resolve.issues.similarity import Laid, probabilities, trained
from kg.resolve.issues.weakness import Mention

NEAR = 0.15
"""The least mean probability that a finding of other polarity is about a problem."""


def status(cluster: Sequence[Mention], others: Laid) -> str:
    """The status of a problem; ``others`` are its authority's findings of other polarity."""
    last = max(earliest(mention.date) for mention in cluster)
    about = _about(cluster, others)
    after = [mention for mention in about if earliest(mention.date) > last]
    if after:
        newest = max(after, key=lambda mention: earliest(mention.date))
        return "resolved" if newest.polarity == "strength" else "improving"
    if _improving(cluster, about, last):
        return "improving"
    return "returned" if _returned(cluster, about) else "persisting"


def _about(cluster: Sequence[Mention], others: Laid) -> list[Mention]:
    """The other findings that are surely about one of the weaknesses, and near to all."""
    if not others.mentions:
        return []
    alike = probabilities(others, Laid(cluster))
    near = (alike.mean(axis=1) >= NEAR) & (alike.max(axis=1) >= trained().link)
    return [others.mentions[int(i)] for i in np.flatnonzero(near)]


def _improving(cluster: Sequence[Mention], about: Sequence[Mention], last: str) -> bool:
    now = [m for m in (*cluster, *about) if earliest(m.date) == last]
    return any(m.direction == "improved" or m.polarity == "progress" for m in now)


def _returned(cluster: Sequence[Mention], about: Sequence[Mention]) -> bool:
    """Whether an event in between praised what it failed before and after."""
    first = min(latest(mention.date) for mention in cluster)
    last = max(earliest(mention.date) for mention in cluster)
    raised = {mention.event for mention in cluster}
    return any(
        m.polarity == "strength"
        and m.event not in raised
        and first < earliest(m.date)
        and latest(m.date) < last
        for m in about
    )
