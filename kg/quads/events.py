"""Mentions of events and the judgements made at them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.edtf import literal
from kg.model import EventClaim, JudgementClaim
from kg.quads.scope import Pair, Scope, text
from ontology.iris import concept
from ontology.terms import LABEL, fg


def mention(claim: EventClaim, scope: Scope) -> Iterator[Quad]:
    """Where a document reports or mentions an event; the lead's name stays out."""
    pairs: list[Pair] = [
        (LABEL, Literal(claim.label)),
        (fg("event"), scope.mention(claim)),
        (fg("own"), Literal(claim.own)),
        (fg("framework"), concept("framework", claim.framework) if claim.framework else None),
        (fg("published"), literal(claim.published.value) if claim.published else None),
        (fg("leadPost"), text(claim.lead_post.value if claim.lead_post else None)),
        (fg("ordinal"), Literal(claim.ordinal) if claim.ordinal else None),
    ]
    return scope.said(claim, "EventMention", pairs)


def judgement(claim: JudgementClaim, scope: Scope) -> Iterator[Quad]:
    """One grade for one domain, or that none was given."""
    grade = f"{claim.framework}/{claim.grade}"
    pairs: list[Pair] = [
        (fg("event"), scope.judged(claim)),
        (fg("framework"), concept("framework", claim.framework)),
        (fg("domain"), concept("domain", claim.domain)),
        (fg("grade"), concept("grade", grade) if claim.grade else None),
        (fg("printed"), Literal(claim.printed)),
        (fg("gradedWords"), text(claim.subject)),
        (fg("assertor"), concept("assertor", claim.assertor)),
    ]
    return scope.said(claim, "Judgement", pairs)
