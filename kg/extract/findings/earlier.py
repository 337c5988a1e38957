"""Earlier events of which a document speaks: "the inspection in September 2018".

"The last monitoring visit" without a date means the latest one of its kind before the
document's own event that the document dates somewhere, and so do "previous visits"; "all
reports" means the latest event dated above in the same section. Otherwise the reference
keeps its kind and no date. A month without a year, or "the previous year", counts from the
section's heading, else from the document's own event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

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
_MONTH_BEFORE = re.compile(rf"\b({_MONTHS}) (?:\w+ )?$", re.I)
_YEAR_BEFORE = re.compile(
    r"^,? (?:(?:in|of|from) )?"
    r"(?:the (?:previous|preceding) year|(?:the|a) year (?:before|earlier))\b",
    re.I,
)
_REACH = 60
_REPORTED = (
    "inspection",
    "joint-inspection",
    "monitoring-visit",
    "focused-visit",
    "progress-review",
    "review",
)


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

    ``latest`` when the words mean the last one of its kind before; ``reports`` when they
    mean all that was reported; ``month`` (1 to 12) when its year is left out; ``year_before``
    when it was in the year before the one told of; ``named`` false for a bare "since 2014".
    """

    start: int
    end: int
    ref: EventRef
    latest: bool = False
    several: bool = False
    reports: bool = False
    month: int = 0
    year_before: bool = False
    named: bool = True


@dataclass(frozen=True)
class _Told:
    """What is told of a place: the days its section is about, the events dated above in it."""

    first: str
    last: str
    above: tuple[EventRef, ...]


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
    known = [each.ref for found in said.values() for each in found if each.named]
    claims = [claim for claim in context.of(EventClaim) if not claim.own]
    known += [claim.event for claim in claims]
    told = _told(document, context, own, claims)
    return {
        start: tuple(_dating(each, known, told[start]) for each in found)
        for start, found in said.items()
    }


def _told(
    document: Document, context: Context, own: EventRef, claims: Sequence[EventClaim]
) -> dict[int, _Told]:
    """What is told of every sentence's place, by where the sentence starts."""
    told: dict[int, _Told] = {}
    begins, path = 0, None
    for place in places(document, context):
        start = place.sentence.start
        if place.headings != path:
            begins, path = start, place.headings
        above = tuple(
            claim.event
            for claim in claims
            if begins <= claim.start < start and claim.event.kind in _REPORTED
        )
        told[start] = _Told(*_days_of(place, own), above)
    return told


def _days_of(place: Place, own: EventRef) -> tuple[str, str]:
    """The first and last day that a dated heading tells, or of the document's event."""
    spans = dates.find(place.heading)
    date = spans[0].edtf if spans else own.date
    return (dates.earliest(date), dates.latest(date) or "9999") if date else ("9999", "9999")


@lru_cache(maxsize=2048)
def _named(line: str) -> tuple[Earlier, ...]:
    """Kept for the extractors that ask for the same sentences one after another."""
    return tuple(_names(line))


def _names(line: str) -> Iterator[Earlier]:
    low = line.lower()
    taken = 0
    for match in re.finditer(rf"\b{any_event()}(?![\w-])", low):
        kind = _kind(match.group())
        if match.start() < taken or kind is None:
            continue
        date, end = _date(line, match.start(), match.end())
        near = low[max(0, match.start() - 30) : match.end()]
        month = 0 if date else _month(low[: match.start()])
        year_before = not date and _YEAR_BEFORE.match(low[end:]) is not None
        relative = bool(month) or year_before
        if not date and not relative and not re.search(repeat_words().earlier, near):
            continue
        taken = end
        several = re.search(repeat_words().several, match.group()) is not None
        latest = not several and not relative and _LATEST.search(near) is not None
        reports = several and _word_kind(match.group()) == "report"
        for each in (date, *_more_years(line, end, several)):
            ref = EventRef(kind, date=each, body=_body(kind))
            yield Earlier(match.start(), end, ref, latest, several, reports, month, year_before)
    for since in _SINCE_YEAR.finditer(line):
        date = next((span.edtf for span in dates.find(since.group(1))), since.group(1))
        yield Earlier(since.start(), since.end(), EventRef("inspection", date=date), named=False)


def _month(before: str) -> int:
    """The month that stands right before a name ("the April inspection"), else 0."""
    found = _MONTH_BEFORE.search(before)
    return _MONTHS.split("|").index(found.group(1).lower()) + 1 if found else 0


def _more_years(line: str, end: int, several: bool) -> Iterator[str]:
    """The years after the first in "inspections in 2014 and 2017"."""
    while several and (more := _AND_YEAR.match(line[end:])):
        yield more.group(1)
        end += more.end()


def _kind(words: str) -> str | None:
    kind = _word_kind(words)
    return "inspection" if kind == "report" else kind


def _word_kind(words: str) -> str | None:
    bare = re.sub(r"^(?:19|20)\d\d ", "", words)
    return next((e.kind for e in repeat_words().events if re.fullmatch(e.words, bare)), None)


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


def _dating(each: Earlier, known: Sequence[EventRef], told: _Told) -> Earlier:
    """A reference with the date that its words mean in their place, where they mean one."""
    if each.ref.date:
        return each
    if each.month or each.year_before:
        date = _relative(each, told)
        return replace(each, ref=msgspec.structs.replace(each.ref, date=date))
    if each.reports and (above := _latest(told.above, "9999")):
        return replace(each, ref=above)
    if not (each.latest or each.several):
        return each
    ref = _latest([ref for ref in known if ref.kind == each.ref.kind], told.first)
    date = ref.date if ref else None
    return replace(each, ref=msgspec.structs.replace(each.ref, date=date))


def _latest(refs: Sequence[EventRef], before: str) -> EventRef | None:
    """The latest of the dated events that begin before a day."""
    dated = [ref for ref in refs if ref.date and dates.earliest(ref.date) < before]
    return max(dated, key=lambda ref: dates.earliest(ref.date or ""), default=None)


def _relative(each: Earlier, told: _Told) -> str | None:
    """The month, the latest up to the days told of, or the year before them."""
    if told.first == "9999":
        return None
    if each.year_before:
        return f"{int(told.first[:4]) - 1:04}"
    year = int(told.last[:4])
    month = f"{each.month:02}"
    return f"{year if month <= told.last[5:7] or len(told.last) < 7 else year - 1:04}-{month}"
