"""Who chairs, works with, oversees, commissions or supports whom; chairs become posts.

A statement is a template over the bodies and posts that a sentence names; see
``ontology/relations.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from kg.extract.context import Context
from kg.extract.lexicon import load
from kg.extract.masked import Entity, Masked, Template, masked
from kg.model import Claim, Document, PostClaim, RelationClaim, TenureClaim

EXTRACTOR = "relations@1"
_OWNER = re.compile(r"^(?:the )?(?:[Cc]ouncil|[Aa]uthority)'s ")


class Statement(msgspec.Struct, frozen=True):
    """Wordings of one relation; ``{a}`` is its subject and ``{b}`` its object."""

    relation: str
    wordings: tuple[str, ...]


class Relations(msgspec.Struct, frozen=True):
    """``ontology/relations.yaml``."""

    statements: tuple[Statement, ...]


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Relations stated in one sentence, and the post of chair that a chairing implies."""
    for sentence in masked(document, context):
        if "<O" not in sentence.text and "<P" not in sentence.text:
            continue
        for relation, template in _templates():
            for match in template.find(sentence.text):
                yield from _claims(sentence, relation, match)


def _claims(sentence: Masked, relation: str, match: dict[str, tuple[int, int]]) -> Iterator[Claim]:
    start, end = sentence.span(*match[""])
    subject = sentence.at(*match["a"]) if "a" in match else None
    other = sentence.at(*match["b"])
    if other is None:
        return
    if relation == "chairs" and other.kind == "O":
        yield PostClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.8,
            post=_chair_of(other),
            printed=sentence.document.text[start:end],
            organisation=other.name,
        )
        yield _chairing(sentence, other, subject, start, end)
    if subject is not None and subject.name != other.name:
        yield RelationClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.8,
            subject=subject.name,
            relation=relation,
            object=other.name,
        )


def _chair_of(body: Entity) -> str:
    """The title of who chairs a body, without the owner that a sentence puts before it."""
    return f"Chair of the {_OWNER.sub('', body.printed)}"


def _chairing(
    sentence: Masked, body: Entity, chair: Entity | None, start: int, end: int
) -> TenureClaim:
    """The chair held on the document's day; a duty to chair begins with the document."""
    day = sentence.document.identity.date
    duty = chair is None and sentence.document.identity.kind == "statutory-direction"
    return TenureClaim(
        start=start,
        end=end,
        extractor=EXTRACTOR,
        confidence=0.7,
        basis="inferred",
        post=_chair_of(body),
        organisation=body.name,
        holder=f"the {chair.name}" if chair else "",
        since=day.value if day and duty else None,
        on=day.value if day and not duty else None,
        explanation="Who chairs a body holds its chair when the document is written.",
    )


@cache
def _templates() -> tuple[tuple[str, Template], ...]:
    statements = load("relations", Relations).statements
    return tuple((s.relation, Template(wording)) for s in statements for wording in s.wordings)
