"""Posts, tenures, bodies and how they stand to each other. No name is written here."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.edtf import literal
from kg.model import OrganisationClaim, PostClaim, RelationClaim, TenureClaim
from kg.quads.ids import claim_id
from kg.quads.scope import Pair, Scope, text
from ontology.iris import concept
from ontology.terms import fg


def post_mention(claim: PostClaim, scope: Scope) -> Iterator[Quad]:
    """A post is named."""
    pairs: list[Pair] = [
        (fg("post"), scope.post(claim.post, claim.organisation)),
        (fg("printed"), Literal(claim.printed)),
        (fg("organisation"), scope.body(claim.organisation)),
    ]
    return scope.said(claim, "PostMention", pairs)


def tenure_claim(claim: TenureClaim, scope: Scope) -> Iterator[Quad]:
    """A post was held, taken up, left or covered."""
    tenure = scope.meant.tenures[claim_id(scope.document.id, claim)]
    pairs: list[Pair] = [
        (fg("tenure"), scope.thing(tenure)),
        (fg("post"), scope.post(claim.post, claim.organisation)),
        (fg("organisation"), scope.body(claim.organisation)),
        (fg("holder"), text(claim.holder)),
        (fg("since"), literal(claim.since) if claim.since else None),
        (fg("until"), literal(claim.until) if claim.until else None),
        (fg("on"), literal(claim.on) if claim.on else None),
        (fg("mode"), concept("mode", claim.mode)),
        (fg("predecessor"), text(claim.predecessor)),
        (fg("successor"), text(claim.successor)),
        (fg("explanation"), text(claim.explanation)),
    ]
    return scope.said(claim, "TenureClaim", pairs)


def organisation_mention(claim: OrganisationClaim, scope: Scope) -> Iterator[Quad]:
    """A body is named."""
    pairs: list[Pair] = [
        (fg("organisation"), scope.body(claim.name)),
        (fg("printed"), Literal(claim.printed)),
        (fg("bodyType"), concept("body-type", claim.type)),
    ]
    return scope.said(claim, "OrganisationMention", pairs)


def relation(claim: RelationClaim, scope: Scope) -> Iterator[Quad]:
    """Two bodies or posts stand in a relation."""
    pairs: list[Pair] = [
        (fg("subject"), scope.body(claim.subject)),
        (fg("relation"), concept("relation", claim.relation)),
        (fg("object"), scope.body(claim.object)),
        (fg("topic"), text(claim.topic)),
    ]
    return scope.said(claim, "RelationClaim", pairs)
