"""One domain with two grades at one event under one framework."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from kg.model import JudgementClaim
from kg.resolve.disagreements.rules import rules
from kg.resolve.disagreements.said import Answer, Page, disagreement, opposed
from kg.resolve.entities import Disagreement, Event
from kg.resolve.keys import EventKey, judged_key
from kg.resolve.states import State


class Told(State):
    """Grades: the event, the framework, the domain, and the answer."""

    given: list[tuple[EventKey, str, str, Answer]] = msgspec.field(default_factory=list)


class Grades:
    """Compares the grades that documents give for one event; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down every grade of the authority's services that an inspectorate gave."""
        for claim in page.claims(JudgementClaim):
            if claim.grade is None or claim.assertor != "inspector" or claim.service:
                continue
            key = judged_key(claim, page.document)
            answer = Answer(page.exactly(claim.start, claim.end), claim.grade)
            self.state.given.append((key, claim.framework, claim.domain, answer))

    def find(
        self, ids: Mapping[EventKey, str], events: Mapping[str, Event]
    ) -> Iterator[Disagreement]:
        """Two grades where one was given."""
        groups: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
        for key, framework, domain, answer in self.state.given:
            groups[ids[key], framework, domain].append(answer)
        rule = rules().grades
        for (event, _, domain), answers in sorted(groups.items(), key=lambda item: item[0]):
            what, when = domain.replace("_", " "), events[event].label
            for one, other in opposed(answers, same=str.__eq__):
                texts = (rule.question, rule.reason)
                yield disagreement("grade", texts, one, other, what=what, when=when)
