"""What somebody is said to prefer, in two passages that name different options."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kg.model import CommitmentClaim
from kg.resolve.disagreements.rules import Position, compiled, rules
from kg.resolve.disagreements.said import Answer, Page, disagreement
from kg.resolve.entities import Disagreement
from kg.resolve.states import State

_REACH = 2_000


class Told(State):
    """Preferences by the number of their rule and the place that they are of."""

    stated: dict[tuple[int, str], list[Answer]] = msgspec.field(default_factory=dict)


class Positions:
    """Compares stated preferences; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down what a preference is for: in its sentence, else the option it stands under."""
        for i, rule in enumerate(rules().positions):
            for match in compiled(rule.wording).finditer(page.document.text):
                said = page.said(match.start(), match.end())
                value = _object(rule, page, said.text, said.start)
                if value:
                    answers = self.state.stated.setdefault((i, said.place), [])
                    answers.append(Answer(said, value))

    def find(self) -> Iterator[Disagreement]:
        """The first passage of each option against the first of another."""
        for (i, _), answers in sorted(self.state.stated.items(), key=lambda item: item[0]):
            rule = rules().positions[i]
            first: dict[str, Answer] = {}
            for answer in answers:
                first.setdefault(answer.value.casefold(), answer)
            one, *others = first.values()
            for other in others:
                yield disagreement("position", (rule.question, rule.reason), one, other)


def _object(rule: Position, page: Page, sentence: str, start: int) -> str:
    match = compiled(rule.object).search(sentence)
    if match:
        return match.group(1)
    options = [c for c in page.claims(CommitmentClaim) if c.kind == "option" and c.start < start]
    above = max(options, key=lambda claim: claim.start, default=None)
    return page.words(above) if above and start - above.end < _REACH else ""
