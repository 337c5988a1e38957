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
    "disagreement": "disagreement-claim",
    "change": "change-statement",
}
_UNSTABLE = {"extractor", "confidence", "basis", "restates", "part_of"}


def claim_kind(claim: Claim) -> str:
    """The tag of a claim's record: ``finding``, ``judgement`` …"""
    return str(type(claim).__struct_config__.tag)


def claim_id(document: str, claim: Claim) -> str:
    """The part of a claim's IRI after ``{base}id/``: ``finding/{document}/{12 digits}``."""
    kind = claim_kind(claim)
    unstable = _UNSTABLE - {"part_of"} if kind == "organisation" else _UNSTABLE
    fields = msgspec.to_builtins(claim).items()
    said = {name: value for name, value in fields if name not in unstable and not _blank(value)}
    return f"{_PATHS.get(kind, kind)}/{document}/{digest(kind, json.dumps(said, sort_keys=True))}"


def _blank(value: object) -> bool:
    """Whether a field says nothing; a field that is added later then renames no claim."""
    return value is None or value is False or value in ("", (), [])
