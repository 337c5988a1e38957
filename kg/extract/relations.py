"""Who chairs, works with, oversees, commissions or supports whom; chairs become posts.

A statement is a template over the bodies and posts that a sentence names; see
``ontology/relations.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from kg import privacy
from kg.extract.bodies import home
from kg.extract.context import Context
from kg.extract.lexicon import load
from kg.extract.masked import Entity, Masked, Template, masked
from kg.model import Claim, Document, OrganisationClaim, PostClaim, RelationClaim, TenureClaim

EXTRACTOR = "relations@1"
_CLAUSE = re.compile(r"[.;]| (?:which|who|that|but|and (?:is|was|has|have|are))\b")
_TOPIC = re.compile(
    r"^,? (?:on|in relation to|regarding|around|to|in) "
    r"(?P<topic>(?!order\b|addition\b)[^.,;<]{4,80})"
)
_OWNER = re.compile(r"^(?:the )?(?:[Cc]ouncil|[Aa]uthority)'s ")


class Statement(msgspec.Struct, frozen=True):
    """Wordings of one relation; ``{a}`` is its subject and ``{b}`` its object."""

    relation: str
    wordings: tuple[str, ...]
    own: bool = False
    several: bool = False


class Relations(msgspec.Struct, frozen=True):
    """``ontology/relations.yaml``."""

    statements: tuple[Statement, ...]


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Relations stated in one sentence, and the post of chair that a chairing implies."""
    council = home(document).council
    inside = {c.name for c in context.of(OrganisationClaim) if c.part_of == council}
    for sentence in masked(document, context):
        if "<O" not in sentence.text and "<P" not in sentence.text:
            continue
        told: set[tuple[str, str, str]] = set()
        for statement, template in _templates():
            for match in template.find(sentence.text):
                for claim in _claims(sentence, statement, match, council):
                    if isinstance(claim, RelationClaim):
                        pair = sorted((claim.subject, claim.object))
                        key = (claim.relation, pair[0], pair[1])
                        if key in told or (statement.own and claim.object in inside):
                            continue
                        told.add(key)
                    yield claim


def _claims(
    sentence: Masked,
    statement: Statement,
    match: dict[str, tuple[int, int]],
    council: str | None,
) -> Iterator[Claim]:
    start, end = sentence.span(*match[""])
    other = sentence.at(*match["b"])
    if other is None:
        return
    subject = sentence.at(*match["a"]) if "a" in match else None
    if statement.relation == "chairs" and other.kind == "O":
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
    for name, last in _subjects(sentence, statement, match, council):
        if name != other.name:
            yield RelationClaim(
                start=start,
                end=max(end, last),
                extractor=EXTRACTOR,
                confidence=0.6 if statement.own else 0.8,
                basis="inferred" if statement.own else "stated",
                subject=name,
                relation=statement.relation,
                object=other.name,
                topic=_topic(sentence, match[""][1]),
            )


def _subjects(
    sentence: Masked,
    statement: Statement,
    match: dict[str, tuple[int, int]],
    council: str | None,
) -> Iterator[tuple[str, int]]:
    """The names of the subjects, each with where its words end in the document."""
    if statement.several:
        clause = _CLAUSE.split(sentence.text[match[""][1] :])[0]
        for mark in re.finditer(r"<[PO]\d+>", clause):
            at = match[""][1] + mark.start()
            entity = sentence.at(at, match[""][1] + mark.end())
            if entity:
                yield entity.name, entity.end
        return
    entity = sentence.at(*match["a"]) if "a" in match else None
    if entity:
        yield entity.name, entity.end
    elif statement.own and council:
        yield council, 0


def _topic(sentence: Masked, at: int) -> str:
    """In what they do it: the words after "on", "in" or "to" that name no body."""
    match = _TOPIC.match(sentence.text[at:])
    return privacy.without_names(match["topic"].strip()) if match else ""


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
def _templates() -> tuple[tuple[Statement, Template], ...]:
    statements = load("relations", Relations).statements
    return tuple((s, Template(wording)) for s in statements for wording in s.wordings)
