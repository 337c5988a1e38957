"""A sentence in its printed words, with the dates that it tells and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import dates
from kg.edtf import earliest, latest
from kg.extract.context import Context
from kg.extract.findings.earlier import Earlier, earlier_events
from kg.extract.findings.places import places
from kg.extract.flat import Flat, flatten
from kg.extract.masked import Entity, Masked, masked
from kg.model import Document

_SPAN_OF_YEARS = re.compile(r"^(?:for )?(?:the )?(?:past|last) |^then$", re.I)

_ABOVE = 3


@dataclass(frozen=True)
class Dated:
    """A date at ``start:end`` of a line."""

    start: int
    end: int
    date: str
    inferred: bool


@dataclass(frozen=True)
class Line:
    """One sentence; ``before`` is the line above it in the same section, or None.

    ``above`` has the texts of the few lines above, the nearest first.
    """

    flat: Flat
    sentence: Masked
    dates: tuple[Dated, ...]
    earlier: tuple[Earlier, ...]
    heading: str
    before: Line | None
    above: tuple[str, ...] = ()

    @property
    def heading_date(self) -> str | None:
        """The date or year that the heading prints."""
        spans = dates.find(self.heading)
        return spans[0].edtf if spans and dates.latest(spans[0].edtf) else None

    @property
    def text(self) -> str:
        """The printed words, with single blanks and plain quotes."""
        return self.flat.text

    def date_after(self, at: int, until: int) -> Dated | None:
        """The first date between two places."""
        return next((each for each in self.dates if at <= each.start < until), None)

    def date_before(self, at: int) -> Dated | None:
        """The last date before a place."""
        return next((each for each in reversed(self.dates) if each.end <= at), None)


def lines(document: Document, context: Context) -> Iterator[Line]:
    """Every sentence of a document in order."""
    earlier = earlier_events(document, context)
    last = latest(document.identity.date.value) if document.identity.date else ""
    before: Line | None = None
    path: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    for sentence, place in zip(masked(document, context), places(document, context), strict=True):
        flat = flatten(document.text, sentence.start, sentence.end)
        line = Line(
            flat,
            sentence,
            tuple(_dates(flat, sentence, last)),
            earlier.get(sentence.start, ()),
            place.heading,
            before if place.headings == path else None,
            above if place.headings == path else (),
        )
        yield line
        above = (line.text, *line.above)[:_ABOVE]
        before, path = Line(*_parts(line), None), place.headings


def _parts(line: Line) -> tuple[Flat, Masked, tuple[Dated, ...], tuple[Earlier, ...], str]:
    """A line without what stood above it, so that a document is not kept as one chain."""
    return line.flat, line.sentence, line.dates, line.earlier, line.heading


def _dates(flat: Flat, sentence: Masked, last: str) -> Iterator[Dated]:
    """The dates of a line that lie before the document's day."""
    for entity in sentence.entities:
        if entity.kind == "D" and _is_past(entity, last):
            local = flat.local(entity.start, entity.end)
            if local:
                yield Dated(*local, entity.name, entity.basis == "inferred")


def _is_past(entity: Entity, last: str) -> bool:
    if _SPAN_OF_YEARS.match(entity.printed) or not dates.latest(entity.name):
        return False
    return not last or earliest(entity.name) <= last
