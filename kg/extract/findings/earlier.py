"""Earlier events of which a document speaks: "the inspection in September 2018".

"The last monitoring visit" without a date means the latest one of its kind before the
document's own event that the document dates somewhere; otherwise the reference keeps its
kind and no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import msgspec

from kg import dates
from kg.extract.context import Context
from kg.extract.findings.lexicon import load
from kg.extract.findings.places import Place, places
from kg.extract.flat import Flat, flatten
from kg.model import Document, EventClaim, EventRef

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_YEAR = rf"(?:(?:{_MONTHS}) )?(?:19|20)\d\d"
_SINCE_YEAR = re.compile(
    rf"\b(?:since|(?:identified|found|raised|reported) in) ({_YEAR})"
    r"(?! \w*\s?(?:inspection|visit|review|report))",
    re.I,
)
_LATEST = re.compile(r"\b(?:last|previous|previously|most recent|prior)\b")
_AND_YEAR = re.compile(r"^,?(?: and| in|,)* ((?:19|20)\d\d)\b")
_BEFORE = re.compile(r"((?:19|20)\d\d)(?:'s)? (?:\w+ ){0,2}$")
_AFTER = re.compile(r"^[^.;:]{0,12}?\b(?:in|on|of|from|dated|published(?: on)?|between)\b ", re.I)
_REACH = 60


class EventWords(msgspec.Struct, frozen=True):
    """A kind of event and the words for it."""

    kind: str
    words: str


class Cue(msgspec.Struct, frozen=True):
    """Words that say "raised before"."""

    relation: str
    words: str


class RepeatWords(msgspec.Struct, frozen=True):
    """``ontology/repeats.yaml``."""

    events: tuple[EventWords, ...]
    several: str
    own: str
    earlier: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Earlier:
    """An earlier event named at ``start:end`` of a sentence's line.

    ``latest`` when the words mean the last one of its kind before.
    """

    start: int
    end: int
    ref: EventRef
    latest: bool = False
    several: bool = False


@cache
def repeat_words() -> RepeatWords:
    """The words of the file."""
    return load("repeats.yaml", RepeatWords)


@cache
def any_event() -> str:
    """A pattern without groups for the name of any earlier event, its year before it."""
    names = "|".join(f"(?:{each.words})" for each in repeat_words().events)
    return rf"(?:(?:(?:19|20)\d\d )?(?:{names}))"


def with_events(words: str) -> re.Pattern[str]:
    """A cue with its slots filled."""
    return re.compile(words.replace("{event}", any_event()).replace("{year}", f"(?:{_YEAR})"))


def own_event(document: Document, context: Context) -> EventRef:
    """The event that a document reports; of an unknown kind when none was found."""
    if context.own:
        return context.own.event
    authority = document.identity.authority
    return EventRef("other", authority=authority.value if authority else None)


def line_of(document: Document, start: int, end: int) -> Flat:
    """A sentence on one line."""
    return flatten(document.text, start, end)


def earlier_events(document: Document, context: Context) -> dict[int, tuple[Earlier, ...]]:
    """The earlier events that each sentence names, by where the sentence starts."""
    own = own_event(document, context)
    said: dict[int, list[Earlier]] = {}
    for sentence in context.sentences:
        line = line_of(document, sentence.start, sentence.end)
        found = [each for each in _named(line.text) if not _is_own(each.ref, own)]
        if found:
            said[sentence.start] = found
    known = [each.ref for found in said.values() for each in found]
    known += [claim.event for claim in context.of(EventClaim) if not claim.own]
    tellers = {place.sentence.start: _told_at(place, own) for place in places(document, context)}
    return {
        start: tuple(_dating(each, known, tellers[start]) for each in found)
        for start, found in said.items()
    }


def _told_at(place: Place, own: EventRef) -> str:
    """Before which day "the last inspection" is: the one of a dated heading, or the event's."""
    spans = dates.find(place.heading)
    date = spans[0].edtf if spans else own.date
    return dates.earliest(date) if date else "9999"


def _named(line: str) -> Iterator[Earlier]:
    low = line.lower()
    taken = 0
    for match in re.finditer(rf"\b{any_event()}(?![\w-])", low):
        kind = _kind(match.group())
        if match.start() < taken or kind is None:
            continue
        date, end = _date(line, match.start(), match.end())
        near = low[max(0, match.start() - 30) : match.end()]
        if not date and not re.search(repeat_words().earlier, near):
            continue
        taken = end
        several = re.search(repeat_words().several, match.group()) is not None
        latest = not several and _LATEST.search(near) is not None
        for each in (date, *_more_years(line, end, several)):
            ref = EventRef(kind, date=each, body=_body(kind))
            yield Earlier(match.start(), end, ref, latest, several)
    for since in _SINCE_YEAR.finditer(line):
        date = next((span.edtf for span in dates.find(since.group(1))), since.group(1))
        yield Earlier(since.start(), since.end(), EventRef("inspection", date=date))


def _more_years(line: str, end: int, several: bool) -> Iterator[str]:
    """The years after the first in "inspections in 2014 and 2017"."""
    while several and (more := _AND_YEAR.match(line[end:])):
        yield more.group(1)
        end += more.end()


def _kind(words: str) -> str | None:
    bare = re.sub(r"^(?:19|20)\d\d ", "", words)
    for each in repeat_words().events:
        if re.fullmatch(each.words, bare):
            return "inspection" if each.kind == "report" else each.kind
    return None


def _body(kind: str) -> str | None:
    return "Ofsted" if kind in ("inspection", "monitoring-visit", "focused-visit") else None


def _date(line: str, start: int, end: int) -> tuple[str | None, int]:
    """The date said of an event right before or after its name, and where the words end."""
    if year := re.match(r"(?:19|20)\d\d", line[start:end]):
        return year.group(), end
    if before := _BEFORE.search(line[:start]):
        return before.group(1), end
    if after := _AFTER.match(line[end:]):
        rest = line[end + after.end() : end + after.end() + _REACH]
        found = [span for span in dates.find(rest) if span.start <= 3]
        if found:
            return found[0].edtf, end + after.end() + found[0].end
    return None, end


def _is_own(ref: EventRef, own: EventRef) -> bool:
    same = ref.kind == own.kind and bool(ref.date and own.date)
    return same and dates.compatible(ref.date or "", own.date or "")


def _dating(each: Earlier, known: Sequence[EventRef], before: str) -> Earlier:
    """ "The last inspection" with the latest date that the document tells of its kind."""
    if each.ref.date or not each.latest:
        return each
    told = [
        ref.date
        for ref in known
        if ref.kind == each.ref.kind and ref.date and dates.earliest(ref.date) < before
    ]
    date = max(told, key=dates.earliest, default=None)
    return replace(each, ref=msgspec.structs.replace(each.ref, date=date))
