"""Sums that a document states and that its own numbers contradict: found when it was read."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kg.model import DisagreementClaim
from kg.resolve.disagreements.said import Page
from kg.resolve.entities import Disagreement, Side
from kg.resolve.states import State
from ontology.iris import digest


class Told(State):
    """The sums that do not add up."""

    found: list[Disagreement] = msgspec.field(default_factory=list)


class Sums:
    """Makes a disagreement of every sum that does not add up."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down the sums of one document."""
        document = page.document.id
        for claim in page.claims(DisagreementClaim):
            one = Side(document, claim.start, claim.end, claim.value)
            other = Side(document, claim.other_start, claim.other_end, claim.other_value)
            key = digest(claim.kind, document, str(claim.start), claim.value, claim.other_value)
            place = page.authority
            ident = f"disagreement/{place or 'unplaced'}/{claim.kind}-{key}"
            sides = (one, other)
            reason = claim.explanation or f"One place has {one.value}, another {other.value}."
            self.state.found.append(
                Disagreement(ident, claim.kind, claim.question, sides, reason, place)
            )

    def find(self) -> Iterator[Disagreement]:
        """All of them."""
        return iter(self.state.found)
