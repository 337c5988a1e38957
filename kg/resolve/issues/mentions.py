"""Findings of a record as the mentions that are compared with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kg.extract.findings.features import leans
from kg.extract.scope import named_themes
from kg.model import Document, FindingClaim, Record, Sentence
from kg.quads.ids import claim_id
from kg.resolve.issues import aspects
from kg.resolve.issues.space import ProblemSpace, Statement
from kg.resolve.issues.weakness import Mention, stems
from kg.sentences import sentences

PARAGRAPH = 3
"""How many sentences before a finding tell what it speaks of."""


def mentions(
    record: Record, claims: Sequence[FindingClaim], space: ProblemSpace
) -> Iterator[Mention]:
    """A mention for each of a record's claims, in order; their events are yet to be resolved."""
    document = record.document
    stated = document.identity.date
    said = statements(document, claims)
    placed = space.place(said) if said else ((), ())
    for claim, statement, vector, shares in zip(claims, said, *placed, strict=True):
        quote = document.quote(claim.start, claim.end)
        yield Mention(
            id=claim_id(document.id, claim),
            document=document.id,
            start=claim.start,
            end=claim.end,
            event="",
            date=claim.event.date or (stated.value if stated else ""),
            polarity=claim.polarity,
            direction=claim.direction,
            themes=claim.themes,
            listed=claim.listed,
            quote=quote,
            vector=vector.astype(np.float16),
            shares=shares.astype(np.float16),
            named=frozenset(named_themes(statement.text)),
            aspects=aspects.find(statement.text),
            stems=stems(statement.text),
        )


def statements(document: Document, claims: Sequence[FindingClaim]) -> list[Statement]:
    """The words of claims, and the same with what comes before them in their paragraph."""
    order = sentences(document)
    place = {sentence.start: i for i, sentence in enumerate(order)}
    found = []
    for claim in claims:
        text = _line(document, claim.start, claim.end)
        before = _before(order, place[claim.start], leans(text)) if claim.start in place else ()
        told = tuple(_line(document, each.start, each.end) for each in before)
        found.append(Statement(text, told, claim.themes))
    return found


def _before(order: Sequence[Sentence], place: int, leaning: bool) -> Sequence[Sentence]:
    """What stands before a sentence in its block; if nothing does and it points back ("This
    means that …"), the last sentence of the block before."""
    block = order[place].block
    before = order[max(0, place - PARAGRAPH) : place]
    inside = [sentence for sentence in before if sentence.block == block]
    if inside or not leaning:
        return inside
    return [sentence for sentence in before[-1:] if block - sentence.block <= 1]


def _line(document: Document, start: int, end: int) -> str:
    return " ".join(document.quote(start, end).split())
