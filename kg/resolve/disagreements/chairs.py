"""One body with two chairs at about one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from kg.model import RelationClaim
from kg.resolve.disagreements.rules import rules
from kg.resolve.disagreements.said import Answer, Page, apart, disagreement
from kg.resolve.entities import Disagreement, Organisation
from kg.resolve.keys import BodyKey, body_key
from kg.resolve.states import State


@dataclass(frozen=True)
class _Chair:
    """Who chairs a body, according to a document of some date."""

    body: BodyKey
    answer: Answer
    date: str


class Told(State):
    """Who chairs what."""

    chairs: list[_Chair] = msgspec.field(default_factory=list)


class Chairs:
    """Compares the chairs of bodies; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down who chairs what."""
        printed = page.document.identity.date
        for claim in page.claims(RelationClaim):
            if claim.relation == "chairs" and printed and page.authority:
                said = page.said(claim.start, claim.end)
                key = body_key(claim.object, page.document)
                self.state.chairs.append(_Chair(key, Answer(said, claim.subject), printed.value))

    def find(
        self, ids: Mapping[BodyKey, str], bodies: Mapping[str, Organisation]
    ) -> Iterator[Disagreement]:
        """Two holders of one chair, the earlier document first."""
        groups: dict[tuple[str, str], list[_Chair]] = defaultdict(list)
        for chair in sorted(self.state.chairs, key=lambda c: (c.date, c.answer.said.start)):
            groups[chair.body.authority or "", ids[chair.body]].append(chair)
        for (_, body), chairs in sorted(groups.items()):
            yield from _two(bodies[body].label, chairs)


def _two(body: str, chairs: list[_Chair]) -> Iterator[Disagreement]:
    rule = rules().chairs
    told: set[frozenset[str]] = set()
    for i, one in enumerate(chairs):
        for other in chairs[i + 1 :]:
            pair = frozenset({one.answer.value, other.answer.value})
            near = apart(one.date, other.date) <= rule.days
            elsewhere = one.answer.said.document != other.answer.said.document
            if len(pair) == 2 and near and elsewhere and pair not in told:
                told.add(pair)
                texts = (rule.question, rule.reason)
                yield disagreement("chair", texts, one.answer, other.answer, what=body)
