"""The date that a figure is of, from its sentence outwards: sentence, paragraph, heading.

A month or day without a year is the latest one before the document's own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg import dates
from kg.dates import DateSpan
from kg.model import Block, Document

_YEARLESS = re.compile(
    r"\b(?:(?:between\s+\d{1,2}\s+and\s+)?\d{1,2}(?:st|nd|rd|th)?\s+)?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b(?!\s+(?:be|have|not|also|include|need)\b)"
)

_COUNTED = re.compile(
    r"\b(?:over|nearly|almost|about|around|approximately|more than|fewer than)\s$", re.I
)
_LATER = re.compile(r"\b(?:following|since|after)\b", re.IGNORECASE)


def spans(text: str, anchor: str | None) -> list[DateSpan]:
    """The dates of a sentence in order, those without a year placed before ``anchor``."""
    found = [span for span in dates.find(text) if not _COUNTED.search(text[: span.start])]
    if anchor is None:
        return found
    for match in _YEARLESS.finditer(text):
        if not any(span.start < match.end() and match.start() < span.end for span in found):
            near = dates.resolve_relative(match.group(), anchor)
            if near is not None:
                found.append(DateSpan(match.start(), match.end(), near))
    return sorted(found, key=lambda span: span.start)


class Carried:
    """What the blocks read so far say about the date of the next figure.

    A list takes the date of the sentence that opens it; a section that of its heading.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings: list[tuple[int, str | None]] = []
        self._next = 0
        self.lead: str | None = None

    def enter(self, position: int) -> None:
        """Pass the blocks up to and including the one at ``position``."""
        for block in self._document.blocks[self._next : position + 1]:
            if block.kind in ("heading", "title"):
                self._head(block)
            if block.kind != "bullet":
                self.lead = None
        self._next = max(self._next, position + 1)

    @property
    def heading(self) -> str | None:
        """The date in the nearest heading that has one."""
        return next((date for _, date in reversed(self._headings) if date), None)

    def _head(self, block: Block) -> None:
        level = 0 if block.kind == "title" else block.level
        kept = [entry for entry in self._headings if entry[0] < level]
        self._headings = [*kept, (level, _period(self._document, block))]


def _period(document: Document, block: Block) -> str | None:
    found = dates.find(document.text[block.start : block.end])
    heading = document.text[block.start : block.end]
    single = len(found) == 1 and block.kind != "title" and not _LATER.search(heading)
    return found[0].edtf if single else None


def about(text: str, found: list[DateSpan]) -> list[DateSpan]:
    """The dates that a sentence is about, in order; the last is left behind for what follows.

    What it only compares with ("a reduction from 831 at 31 March 2013") is left out.
    """
    return [span for span in found if not compared(text[: span.start])]


def compared(head: str) -> bool:
    """Whether what follows is only what a sentence compares with."""
    return _COMPARED.search(head) is not None


def beside(text: str, start: int, end: int, found: list[DateSpan]) -> DateSpan | None:
    """The date right after a number with which another is compared: "… with 48% in March"."""
    if not _COMPARES.search(text[:start]):
        return None
    after = (span for span in found if span.start >= end)
    return next((span for span in after if _BESIDE.search(text[end : span.start])), None)


_COMPARED = re.compile(
    r"\b(?:(?:increase|decrease|reduction|rise|fall|drop|up|down|improvement)[^.;,]{0,20}?\bfrom|"
    r"compared (?:with|to)|than|against)\b[^.;]*$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:from|to|with|than|against)\s(?:an?\s\w+\sof\s)?(?:about\s|around\s|just\s)?$", re.I
)
_BESIDE = re.compile(
    r"^(?![^.]*\bsince\b)[^,;.()\d]{0,40}?\b(?:in|at|on|for|by)\s(?:the\s(?:end\sof\s)?)?$", re.I
)


def at_event(text: str) -> bool:
    """Whether the sentence places itself at the time of the event that is reported."""
    return bool(_AT_EVENT.search(text))


_AT_EVENT = re.compile(
    r"\bat the time (?:of|that|when) (?:the|this|our|my|inspectors?)\s+"
    r"(?:inspection|visit|review|was)\b",
    re.IGNORECASE,
)


def overlapping(start: int, end: int, found: list[DateSpan]) -> Iterator[DateSpan]:
    """The dates that share characters with ``text[start:end]``."""
    return (span for span in found if span.start < end and start < span.end)
