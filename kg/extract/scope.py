"""What a visit says that it looked at, as themes: silence elsewhere is no improvement.

A section "Areas covered by the visit" says it, and sentences such as "inspectors reviewed
the progress made in achieving permanence". Only themes that are named count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extract.context import Context
from kg.extract.findings.earlier import own_event
from kg.extract.findings.lexicon import theme_labels_index, themes
from kg.extract.findings.phrases import words
from kg.extract.findings.places import Place, places, plain
from kg.model import Claim, Document, ScopeClaim

EXTRACTOR = "scope@1"

_LOOKED = re.compile(
    r"\b(?:inspectors|the visit|this visit|the review|hmi)\b[^.]{0,40}?"
    r"\b(?:reviewed|looked at|considered|evaluated|examined|focuss?ed on|scrutinised|inspected|"
    r"sampled|covered|assessed)\b"
    r"|\bareas? covered\b|\bscope of the (?:visit|review)\b"
    r"|\b(?:evaluate|review|consider|look at|examine) the (?:effectiveness|quality|progress|"
    r"experiences|arrangements)\b"
)
_EVIDENCE = re.compile(r"\brange of evidence\b|\bspoke (?:to|with)\b|\bmet with\b|\bobserved\b")
_NOT = re.compile(
    r"\bdid not (?:look|review|consider|evaluate|cover)|\bnot (?:part of|covered)\b|\bneeds? to\b"
)
_VISITS = ("focused-visit", "monitoring-visit-letter", "inspection", "re-inspection")


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """One claim for each statement of what the event looked at."""
    if document.identity.kind not in _VISITS:
        return
    event = own_event(document, context)
    letter = document.identity.kind in ("focused-visit", "monitoring-visit-letter")
    for place in places(document, context):
        covered = _covered(place, letter)
        if covered:
            start, end = place.sentence.start, place.sentence.end
            yield ScopeClaim(start=start, end=end, extractor=EXTRACTOR, event=event, themes=covered)


def _covered(place: Place, letter: bool) -> tuple[str, ...]:
    low = plain(place.text)
    stated = place.section == "scope" or (letter and _LOOKED.search(low) is not None)
    if not stated or _EVIDENCE.search(low) or _NOT.search(low):
        return ()
    return named_themes(place.text)


def named_themes(text: str) -> tuple[str, ...]:
    """The themes that a text calls by name, in the order of the scheme."""
    named = {hit.group for hit in theme_labels_index().in_words(words(text))}
    return tuple(theme for theme in themes() if theme in named)
