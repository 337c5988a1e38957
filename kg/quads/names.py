"""Printed names of officials: the only place where a name is written as such."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import EventClaim, Stated, TenureClaim
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


def _named(scope: Scope) -> Iterator[tuple[NamedNode, str, Stated]]:
    identity = scope.document.identity
    if identity.addressee_name:
        yield scope.iri, "addressee", identity.addressee_name
    if identity.signatory_name:
        yield scope.iri, "signatory", identity.signatory_name
    for claim in scope.record.claims:
        if isinstance(claim, EventClaim) and claim.lead:
            yield scope.claim(claim), "lead", claim.lead
        if isinstance(claim, TenureClaim) and claim.name:
            yield scope.claim(claim), "holder", claim.name
