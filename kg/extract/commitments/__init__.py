"""What is to be done: requirements, duties, options, recommendations, resolutions, undertakings.

Blocks are read in order. Some open a list whose items are commitments of one kind (a
direction's clauses, the benefits of an option, what was resolved); other commitments are
single sentences. Words are ``ontology/commitment_cues.yaml``. Lists of improvements in
inspection reports are read by :mod:`kg.extract.improvements`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.commitments.found import Found, Place, Reader
from kg.extract.commitments.lists import Lists
from kg.extract.commitments.minutes import Minutes
from kg.extract.commitments.options import Options
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rows import table_rows
from kg.extract.commitments.sentences import Sentences
from kg.extract.context import Context
from kg.extract.flat import flatten
from kg.extract.masked import Masked, masked
from kg.model import Claim, CommitmentClaim, Document

EXTRACTOR = "commitments@1"
_REPORTS = ("inspection", "re-inspection")


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """The commitments of a document in reading order."""
    event = context.own.event if context.own else None
    base = len(context.claims)
    for found in _found(document, context):
        yield CommitmentClaim(
            start=found.start,
            end=found.end,
            extractor=EXTRACTOR,
            confidence=0.8,
            kind=found.kind,
            of_whom=found.of,
            due=found.due,
            clause=found.clause,
            source_event=event,
            part_of=None if found.part_of is None else base + found.part_of,
        )


def _found(document: Document, context: Context) -> list[Found]:
    parties = Parties(document, context)
    sentences = Sentences(document, parties)
    lists = Lists(document, parties, sentences)
    before: dict[str, Reader] = {
        "commissioners-report": Options(parties),
        "committee-minutes": Minutes(document, parties),
    }
    kind = document.identity.kind
    first = [before[kind]] if kind in before else []
    readers: list[Reader] = [] if kind in _REPORTS else [*first, lists]
    found: list[Found] = []
    for place in _places(document, context):
        taken = next((got for r in readers if (got := r.read(place, len(found))) is not None), None)
        found += sentences.read(place) if taken is None else taken
    return found


def _places(document: Document, context: Context) -> Iterator[Place]:
    """Every block with words, its line and its masked sentences."""
    inside: dict[int, list[Masked]] = {}
    for sentence in masked(document, context):
        inside.setdefault(sentence.block, []).append(sentence)
    minutes = document.identity.kind == "committee-minutes"
    for number, block in enumerate(document.blocks):
        rows = list(table_rows(document, block)) if minutes else []
        if rows:
            yield from (Place(block, line, (), cells) for line, cells in rows)
            continue
        line = flatten(document.text, block.start, block.end)
        if line.text:
            yield Place(block, line, tuple(inside.get(number, ())))
