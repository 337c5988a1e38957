"""People's decisions applied to clusters, in the order in which they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kg.corrections import Correction
from kg.resolve.entities import Decision
from kg.resolve.issues.cluster import Cluster
from kg.resolve.issues.similarity import Laid, Matrix, probabilities
from kg.resolve.issues.weakness import Mention
from ontology.problems import Problem


class Group(msgspec.Struct):
    """A cluster; ``decided`` when a person said that it is one problem.

    ``decisions`` are those that touched it, ``label`` the one that a person gave it.
    """

    members: list[Mention]
    alike: Matrix
    problem: Problem | None = None
    decided: bool = False
    label: str = ""
    decisions: tuple[Decision, ...] = ()

    @property
    def cluster(self) -> Cluster:
        """What it holds."""
        return Cluster(self.members, self.alike, self.problem)


def corrected(groups: Iterable[Group], corrections: Sequence[Correction]) -> list[Group]:
    """The groups after all decisions; decisions on findings that are not here do nothing."""
    found = list(groups)
    for correction in corrections:
        touched = [group for group in found if _named(group, correction)]
        if touched:
            rest = [group for group in found if group not in touched]
            named = _distinct(m for group in touched for m in _named(group, correction))
            decision = Decision(correction, tuple(member.id for member in named))
            found = [*rest, *_decide(touched, decision)]
    return [group for group in found if group.members]


def together(groups: Sequence[Group]) -> Group:
    """One group of what all hold, with the decisions on each of them."""
    if len(groups) == 1:
        return groups[0]
    members = _distinct(member for group in groups for member in group.members)
    return Group(
        members,
        _alike(members),
        next((group.problem for group in groups if group.problem), None),
        any(group.decided for group in groups),
        next((group.label for group in groups if group.label), ""),
        tuple(dict.fromkeys(one for group in groups for one in group.decisions)),
    )


def _decide(touched: list[Group], decision: Decision) -> list[Group]:
    correction = decision.correction
    if correction.action in ("confirm", "merge"):
        joined = together(touched)
        return [_group(joined.members, [joined], decision, joined.label, decided=True)]
    if correction.action == "relabel":
        return [
            _group(group.members, [group], decision, correction.label, group.decided)
            for group in touched
        ]
    named = [_named(group, correction) for group in touched]
    left = [
        _group([m for m in group.members if m not in out], [group], decision, group.label)
        for group, out in zip(touched, named, strict=True)
    ]
    if correction.action == "split":
        own = _distinct(member for out in named for member in out)
        left.append(_group(own, [], decision, "", decided=True))
    return left


def _group(
    members: list[Mention],
    before: Sequence[Group],
    decision: Decision,
    label: str,
    decided: bool = False,
) -> Group:
    earlier = dict.fromkeys(one for group in before for one in group.decisions)
    alike = _alike(members) if members else before[0].alike[:0, :0]
    problem = next((group.problem for group in before if group.problem), None)
    return Group(members, alike, problem, decided, label, (*earlier, decision))


def _distinct(members: Iterable[Mention]) -> list[Mention]:
    """Each finding once: it may stand in several of the groups."""
    return list({member.id: member for member in members}.values())


def _named(group: Group, correction: Correction) -> list[Mention]:
    """The members that a decision names."""
    return [
        member
        for member in group.members
        if any(place.fits(member.document, member.quote) for place in correction.findings)
    ]


def _alike(members: Sequence[Mention]) -> Matrix:
    laid = Laid(members)
    return probabilities(laid, laid)
