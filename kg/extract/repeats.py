"""Statements that something was raised before: "raised on the last visit in March 2019".

The words are data (``ontology/repeats.yaml``). Each statement yields one claim for each
earlier event that it names, or one with an undated event of the kind it speaks of; the words
that it is about are the sentence itself, or the one before when it only points back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, get_args

import msgspec

from kg.extract.context import Context
from kg.extract.findings.earlier import (
    Earlier,
    earlier_events,
    line_of,
    own_event,
    repeat_words,
    with_events,
)
from kg.extract.findings.features import leans
from kg.extract.findings.places import places
from kg.model import Claim, Document, EventRef, RepeatClaim, Sentence
from kg.needed import Rule

EXTRACTOR = "repeats@1"

_LEGAL = ("direction", "notice")
"""What follows from findings: counts as the earlier event only where nothing else is named."""

Relation = Literal["raised-before", "not-addressed", "same-as", "continues"]


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """A claim for each earlier event at which something is said to have been raised."""
    own = own_event(document, context)
    told = earlier_events(document, context)
    before: Sentence | None = None
    for place in places(document, context):
        sentence = place.sentence
        line = line_of(document, sentence.start, sentence.end)
        low = line.text.lower()
        named = told.get(sentence.start, ())
        if not named and before and place.previous and leans(place.text):
            named = told.get(before.start, ())
        relation = _relation(low) if named or not _own_alone(low) else None
        if relation and place.section not in ("scope", "children"):
            about = _about(place.text, place.previous, sentence, before)
            for ref in _events(named, low):
                yield _claim(sentence, about, own, ref, relation)
        before = sentence


def _relation(low: str) -> Relation | None:
    """How a sentence says that something was raised before, if it does."""
    for relation, pattern in _cues():
        if pattern.search(low):
            return relation
    return None


def _own_alone(low: str) -> bool:
    """Whether the only event of a sentence is the one that the document reports."""
    return re.search(repeat_words().own, low) is not None


def _about(
    text: str, previous: str, sentence: Sentence, before: Sentence | None
) -> tuple[int, int]:
    """The words that were raised before."""
    if before and previous and leans(text):
        return before.start, before.end
    return sentence.start, sentence.end


def _events(told: tuple[Earlier, ...], low: str) -> tuple[EventRef, ...]:
    """The events that a sentence names, the dated ones if there are any."""
    found = [each.ref for each in told if each.ref.kind not in _LEGAL] or [e.ref for e in told]
    dated = tuple(dict.fromkeys(ref for ref in found if ref.date))
    undated = tuple(dict.fromkeys(found))
    return dated or undated[:1] or (EventRef(_spoken_of(low)),)


def _spoken_of(low: str) -> str:
    """The kind of event of which words without a name speak."""
    for each in ("monitoring visit", "focused visit", "review"):
        if each in low:
            return each.replace(" ", "-")
    return "inspection"


def _claim(
    sentence: Sentence,
    about: tuple[int, int],
    own: EventRef,
    earlier: EventRef,
    relation: Relation,
) -> RepeatClaim:
    return RepeatClaim(
        start=sentence.start,
        end=sentence.end,
        extractor=EXTRACTOR,
        confidence=0.9 if earlier.date else 0.6,
        event=own,
        earlier=earlier,
        relation=relation,
        about_start=about[0],
        about_end=about[1],
    )


@cache
def _cues() -> tuple[tuple[Relation, Rule], ...]:
    known = {name: name for name in get_args(Relation)}
    return tuple(
        (msgspec.convert(known[cue.relation], Relation), Rule(with_events(cue.words)))
        for cue in repeat_words().cues
    )
