"""Ids of claims: the document's, and a hash over the span and what is said.

The extractor's version and confidence are left out, and so are references to other claims
by place in a list: a better reading of the rest of a document does not rename this claim.
"""

from __future__ import annotations

import json

import msgspec

from kg.model import Claim
from ontology.iris import digest

# Claims whose tag is also the name of the entity that they tell of.
_PATHS = {
    "event": "event-mention",
    "post": "post-mention",
    "organisation": "organisation-mention",
    "tenure": "tenure-claim",
}
_UNSTABLE = {"extractor", "confidence", "basis", "restates", "part_of"}


def claim_kind(claim: Claim) -> str:
    """The tag of a claim's record: ``finding``, ``judgement`` …"""
    return str(type(claim).__struct_config__.tag)


def claim_id(document: str, claim: Claim) -> str:
    """The part of a claim's IRI after ``{base}id/``: ``finding/{document}/{12 digits}``."""
    kind = claim_kind(claim)
    said = {
        field.name: msgspec.to_builtins(getattr(claim, field.name))
        for field in msgspec.structs.fields(claim)
        if field.name not in _UNSTABLE or (kind == "organisation" and field.name == "part_of")
    }
    said = {name: value for name, value in said.items() if value not in (None, "", False, [], ())}
    return f"{_PATHS.get(kind, kind)}/{document}/{digest(kind, json.dumps(said, sort_keys=True))}"
