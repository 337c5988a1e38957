"""Numbers as observations of a data cube, and places where two answers differ."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.model import DisagreementClaim, FigureClaim
from kg.quads.scope import Pair, Scope, dated, number, text
from ontology.terms import LABEL, fg, term


def figure(claim: FigureClaim, scope: Scope) -> Iterator[Quad]:
    """One number; the observations of a document form one data set."""
    dataset = scope.minter.thing("figures", scope.document.id)
    pairs: list[Pair] = [
        (term("qb", "dataSet"), dataset),
        (fg("measure"), Literal(claim.measure)),
        (fg("value"), number(claim.value)),
        (fg("unit"), text(claim.unit)),
        *dated(term("dcterms", "date"), claim.date),
        (fg("about"), text(claim.about)),
        (fg("table"), text(claim.table)),
        (fg("measureDefinition"), text(claim.definition)),
    ]
    yield from scope.said(claim, "Figure", pairs)
    described: list[Pair] = [
        (term("qb", "structure"), fg("figures")),
        (LABEL, Literal(f"Figures in {scope.document.id}")),
    ]
    yield from scope.write(dataset, described, "qb", "DataSet")


def disagreement(claim: DisagreementClaim, scope: Scope) -> Iterator[Quad]:
    """Two answers to one question inside the document."""
    pairs: list[Pair] = [
        (fg("question"), Literal(claim.question)),
        (fg("disagreementKind"), Literal(claim.kind)),
        (fg("value"), Literal(claim.value)),
        (fg("otherSpan"), scope.span(claim.other_start, claim.other_end)),
        (fg("otherValue"), Literal(claim.other_value)),
        (fg("explanation"), text(claim.explanation)),
    ]
    yield from scope.said(claim, "DisagreementClaim", pairs)
    yield from scope.span_quads(claim.other_start, claim.other_end)
