"""Things to be done, promised or chosen."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Quad

from kg.edtf import literal
from kg.model import CommitmentClaim
from kg.quads.scope import Pair, Scope, text
from ontology.iris import concept
from ontology.terms import fg, term


def commitment(claim: CommitmentClaim, scope: Scope) -> Iterator[Quad]:
    """Something to be done: of whom, by when, out of what, as part of what."""
    pairs: list[Pair] = [
        (fg("commitmentKind"), concept("commitment-kind", claim.kind)),
        (fg("ofWhom"), text(claim.of_whom)),
        (fg("due"), literal(claim.due) if claim.due else None),
        (fg("clause"), text(claim.clause)),
        (fg("sourceEvent"), scope.event(claim.source_event)),
        (fg("scope"), text(claim.scope)),
        (term("dcterms", "isPartOf"), scope.claim_at(claim.part_of)),
    ]
    return scope.said(claim, "Commitment", pairs)
