"""Printed names of officials: the only place where a name is written as such."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import Claim, EventClaim, Record, Stated, TenureClaim
from kg.quads.scope import Pair, Scope, quads
from ontology.iris import digest
from ontology.terms import TYPE, fg


def name_quads(scope: Scope) -> Iterator[Quad]:
    """Every printed name of a document, for the graph of names."""
    graph = scope.minter.graph("names")
    for subject, role, stated in _named(scope):
        key = digest(role, stated.value, str(stated.start))
        pairs: list[Pair] = [
            (TYPE, fg("PrintedName")),
            (fg("nameOf"), subject),
            (fg("role"), Literal(role)),
            (fg("name"), Literal(stated.value)),
            *scope.place(stated.start, stated.end),
        ]
        name = scope.minter.thing("name", f"{scope.document.id}/{key}")
        yield from quads(name, pairs, graph)
        yield from scope.span_quads(stated.start, stated.end, graph)


def printed_names(record: Record) -> set[str]:
    """The names that a document is known to print."""
    return {stated.value for _, _, stated in _printed(record)}


def _named(scope: Scope) -> Iterator[tuple[NamedNode, str, Stated]]:
    for claim, role, stated in _printed(scope.record):
        yield scope.claim(claim) if claim else scope.iri, role, stated


def _printed(record: Record) -> Iterator[tuple[Claim | None, str, Stated]]:
    """The claim or, for None, document whose role holder a name is of, and the role."""
    identity = record.document.identity
    if identity.addressee_name:
        yield None, "addressee", identity.addressee_name
    if identity.signatory_name:
        yield None, "signatory", identity.signatory_name
    for claim in record.claims:
        if isinstance(claim, EventClaim) and claim.lead:
            yield claim, "lead", claim.lead
        if isinstance(claim, TenureClaim) and claim.name:
            yield claim, "holder", claim.name
