"""When the event that a document reports took place, as its first pages print it."""

from __future__ import annotations

import re

from kg import dates
from kg.dates import DateSpan

_LABEL = re.compile(
    r"\binspection\s+dates?\b(?:\(s\))?\s*:?|\bdates?\s+of\s+(?:inspection|review|visit)\s*:?", re.I
)
_ON_SITE = re.compile(
    r"(?:findings\s+of|\bwe\s+found|carried\s+out|took\s+place|conducted|undertaken|visit\s+(?:of|to)|review\s+of)"
    r"(?:[^.\n]|\n(?!\n)|\.(?=\S)){0,260}?\b(?:on|between|from|in|during)\s+(?=\d|the\s+\d|\w+day|[A-Z])",
)
_DONE = re.compile(
    r"\b(?:Between|From|On)\s+(?=\d|\w+day)(?=[^.]{8,400}?\b(?:undertook|carried\s+out|conducted|"
    r"completed)\s+(?:an?|the|this|our)\b[^.]{0,60}\b(?:inspection|visit|review)\b)"
)
_LINK = re.compile(r"\s*(?:,|;|and|&|,\s*and)\s*(?:from\s+)?", re.I)
_HEAD = 6000


def windows(text: str, labelled: bool) -> list[DateSpan]:
    """The days on site: one span for each visit, in order; empty when none is printed.

    ``labelled`` is for reports with a line "Inspection dates: …"; letters say it in their
    first sentence instead.
    """
    head = text[:_HEAD]
    for mark in (_LABEL if labelled else _ON_SITE).finditer(head):
        spans = _run(dates.find(head[mark.end() : mark.end() + 200]), head, mark.end())
        if spans and len(dates.earliest(spans[0].edtf)) == 10:
            return spans
    if labelled:
        return windows(text, labelled=False)
    starts = (match.end() for match in _DONE.finditer(head))
    found = (_run(dates.find(head[at : at + 80]), head, at) for at in starts)
    return next((spans for spans in found if spans), [])


def hull_span(spans: list[DateSpan]) -> DateSpan:
    """One period over all windows and the words from the first to the last."""
    return DateSpan(spans[0].start, spans[-1].end, dates.hull(spans))


def _run(found: list[DateSpan], head: str, offset: int) -> list[DateSpan]:
    """The dates that follow the mark closely and are linked to each other by "and"."""
    spans = [DateSpan(s.start + offset, s.end + offset, s.edtf) for s in found]
    if not spans or head[offset : spans[0].start].strip(" \n\t|:–-"):
        return []
    out = spans[:1]
    for span in spans[1:]:
        if not _LINK.fullmatch(head[out[-1].end : span.start]):
            break
        out.append(span)
    return out
