"""Things to be done, promised or chosen."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Quad

from kg.edtf import literal
from kg.model import ChangeClaim, CommitmentClaim
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


def change(claim: ChangeClaim, scope: Scope) -> Iterator[Quad]:
    """What became of a commitment: by which event, of which instrument and clause."""
    pairs: list[Pair] = [
        (fg("change"), concept("change", claim.change)),
        (fg("instrument"), scope.event(claim.instrument)),
        (fg("clause"), text(claim.clause)),
        (fg("event"), scope.event(claim.by)),
        (fg("done"), literal(claim.done) if claim.done else None),
        (fg("changedWords"), text(claim.what)),
    ]
    return scope.said(claim, "ChangeStatement", pairs)
