"""Findings, what events looked at, and what documents say was raised before."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.model import FindingClaim, RepeatClaim, ScopeClaim
from kg.quads.scope import Pair, Scope, text
from ontology.iris import concept
from ontology.terms import fg


def finding(claim: FindingClaim, scope: Scope) -> Iterator[Quad]:
    """An evaluative statement."""
    pairs: list[Pair] = [
        (fg("event"), scope.event(claim.event)),
        (fg("polarity"), concept("polarity", claim.polarity)),
        *_themes(claim.themes),
        (fg("mainTheme"), concept("theme", claim.themes[0]) if claim.themes else None),
        (fg("assertor"), concept("assertor", claim.assertor)),
        (fg("retells"), scope.event(claim.retells)),
        (fg("about"), text(claim.about)),
        (fg("direction"), concept("direction", claim.direction) if claim.direction else None),
        (fg("directionSince"), scope.event(claim.direction_since)),
        (fg("listed"), Literal(claim.listed)),
        (fg("restates"), scope.finding_at(claim.restates)),
    ]
    return scope.said(claim, "Finding", pairs)


def scope_statement(claim: ScopeClaim, scope: Scope) -> Iterator[Quad]:
    """What an event says that it looked at."""
    pairs = [(fg("event"), scope.event(claim.event)), *_themes(claim.themes)]
    return scope.said(claim, "ScopeStatement", pairs)


def repeat(claim: RepeatClaim, scope: Scope) -> Iterator[Quad]:
    """Something was raised before, says the document."""
    pairs: list[Pair] = [
        (fg("event"), scope.event(claim.event)),
        (fg("earlierEvent"), scope.event(claim.earlier)),
        (fg("repeatKind"), concept("repeat-kind", claim.relation)),
        (fg("aboutSpan"), scope.span(claim.about_start, claim.about_end)),
    ]
    yield from scope.said(claim, "RepeatStatement", pairs)
    yield from scope.span_quads(claim.about_start, claim.about_end)


def _themes(themes: tuple[str, ...]) -> list[Pair]:
    return [(fg("theme"), concept("theme", theme)) for theme in themes]
