"""Records and entities in, quads out; pure, without blank nodes, one module a kind of thing.

``document_quads`` gives what one document says (its own graph) and ``derived_quads`` what
is concluded across documents. Names of officials come from ``name_quads`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import Quad

from kg.model import (
    ChangeClaim,
    CommitmentClaim,
    DisagreementClaim,
    EventClaim,
    FigureClaim,
    FindingClaim,
    JudgementClaim,
    OrganisationClaim,
    PostClaim,
    Record,
    RelationClaim,
    RepeatClaim,
    ScopeClaim,
    TenureClaim,
)
from kg.quads import commitments, documents, events, figures, findings, names, people
from kg.quads.entities import Derived
from kg.quads.ids import claim_id
from kg.quads.masks import masker
from kg.quads.scope import Scope
from kg.resolve import Resolved
from kg.resolve.meant import Meant
from ontology.iris import Minter

__all__ = ["claim_id", "derived_quads", "document_quads", "name_quads"]

BUILDERS: dict[type[Any], Callable[[Any, Scope], Iterator[Quad]]] = {
    EventClaim: events.mention,
    JudgementClaim: events.judgement,
    PostClaim: people.post_mention,
    TenureClaim: people.tenure_claim,
    OrganisationClaim: people.organisation_mention,
    RelationClaim: people.relation,
    FindingClaim: findings.finding,
    ScopeClaim: findings.scope_statement,
    RepeatClaim: findings.repeat,
    CommitmentClaim: commitments.commitment,
    ChangeClaim: commitments.change,
    FigureClaim: figures.figure,
    DisagreementClaim: figures.disagreement,
}


def document_quads(
    record: Record, meant: Meant, minter: Minter, *, masked: bool = False
) -> Iterator[Quad]:
    """What one document says, in the document's graph; ``masked`` without printed names."""
    mask = masker(names.printed_names(record)) if masked else None
    scope = Scope(record, meant, minter, mask)
    yield from documents.document_quads(scope)
    for claim in record.claims:
        yield from BUILDERS[type(claim)](claim, scope)
    for side in meant.sides:
        yield from scope.span_quads(side.start, side.end)


def name_quads(record: Record, meant: Meant, minter: Minter) -> Iterator[Quad]:
    """The names that one document prints, in the graph of names."""
    return names.name_quads(Scope(record, meant, minter))


def derived_quads(resolved: Resolved, minter: Minter) -> Iterator[Quad]:
    """All entities, in the derived graph."""
    return Derived(resolved, minter).quads()
