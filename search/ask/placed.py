"""Documents and events that a question means: "the June 2019 visit", "the inspection in Hull"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kg import gazetteer
from kg.edtf import earliest, latest
from search.ask.cues import Cues, Place, cues
from search.ask.dates import Spotted
from search.ask.records import Link
from search.ask.relative import Spots
from search.ask.vocabulary import Entry, Vocabulary

_NEAR = 45
"""Characters between a place word and a date that belong together at most."""

FEW = 4
"""Documents of an authority named that a place word without a date may mean together."""


def place_words(text: str, known: Cues) -> Iterator[tuple[re.Match[str], Place]]:
    """Place words in order of the file; a word belongs to the first place that claims it."""
    taken: list[tuple[int, int]] = []
    for place in known.places:
        for match in place.words.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield match, place


def place_links(
    text: str,
    spots: Spots,
    dates: Sequence[Spotted],
    vocabulary: Vocabulary,
    authorities: frozenset[str],
) -> Iterator[Link]:
    """Documents and events that place words with their dates can mean; those of the
    authorities named, where any are.

    A named place with a date that nothing loaded fits gives ``absent``; a place without a
    date means all of its kind.
    """
    for match, place in spots:
        near = dates_of(match, dates, text)
        span = match.start(), match.end()
        for kind in place.events:
            yield Link("kind", kind, kind, *span)
        loaded = [
            d for d in vocabulary.documents if d.kind in place.documents and _of(d, authorities)
        ]
        chosen = [d for d in loaded if not near or _fits(d, near)]
        if not near and not place.loose and dates and len(chosen) > 1:
            chosen = _latest_before(chosen, dates) or chosen
        if place.loose and dates and not near:
            near = [date for date in dates if any(_fits(d, [date]) for d in loaded)]
            chosen = [d for d in loaded if _fits(d, near)] if near else chosen
        for document in chosen:
            slot = "document" if near or not place.loose else "loose"
            slot = slot if near or len(chosen) <= (FEW if authorities else 2) else "loose"
            yield Link(slot, document.iri, document.id, *span)
        for event in vocabulary.events:
            fitting = event.kind in place.events and _of(event, authorities)
            if fitting and near and _fits(event, near):
                yield Link("event", event.iri, event.label, *span)
        if near and not place.loose and not chosen:
            label = " ".join((match.group(), *(date.value for date in near)))
            yield Link("absent", label, label, *span)


def _of(entry: Entry, authorities: frozenset[str]) -> bool:
    return not authorities or entry.authority in authorities


def _latest_before(entries: list[Entry], dates: Sequence[Spotted]) -> list[Entry]:
    """The last of several before the latest date named: "the inspection" that was discussed."""
    until = max(latest(date.value) for date in dates)
    before = [e for e in entries if e.dates and max(map(latest, e.dates)) <= until]
    return sorted(before, key=lambda e: max(map(latest, e.dates)))[-1:]


def dates_of(match: re.Match[str], dates: Sequence[Spotted], text: str) -> list[Spotted]:
    """Dates that belong to a place word: "the June 2019 visit", "visits of June and October"."""
    bare = blank(text, [*((d.start, d.end) for d in dates), *_authority_spans(text)])
    found = []
    for date in dates:
        before = date.end <= match.start()
        gap = bare[date.end : match.start()] if before else bare[match.end() : date.start]
        if len(" ".join(gap.split())) <= _NEAR and cues().joins.match(gap.lower()):
            found.append(date)
    return found


def _authority_spans(text: str) -> list[tuple[int, int]]:
    """Where authorities are named: "the visit to Hull in June" is the visit in June."""
    return [(n.start, n.end) for n in (*gazetteer.find(text), *gazetteer.find(text.title()))]


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks in the place of some of its words, of the same length."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * (end - start)
    return "".join(signs)


def _fits(entry: Entry, dates: Sequence[Spotted]) -> bool:
    return any(_overlap(date.value, held) for date in dates for held in entry.dates)


def _overlap(a: str, b: str) -> bool:
    """Whether two dates share a day: an inspection over two months is of either."""
    first, last = max(earliest(a), earliest(b)), min(latest(a) or "9", latest(b) or "9")
    return first <= last
