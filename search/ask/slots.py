"""What a reading gives to the slots of a form, written as SPARQL terms.

``event``, ``document``, ``authority``, ``post``, ``body``, ``theme``: IRIs; ``domain``,
``mode``: concepts; ``measure``, ``person``: strings; ``date``: first and last day of each date in
turn under ``from`` and ``to``, the whole period under ``start`` and ``end``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from kg.edtf import compatible, earliest, latest
from ontology.iris import SCHEMES
from search.ask.measures import Measures
from search.ask.records import Reading
from search.ask.vocabulary import Vocabulary

XSD_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")

REPORTS = ("inspection", "re-inspection")
"""Kinds of document that tell how a whole service is."""

Slots = dict[str, list[str]]


def slots_of(reading: Reading, vocabulary: Vocabulary, measures: Measures) -> Slots:
    """The slots of a reading."""
    slots: Slots = {
        "event": _iris(reading.all("event")),
        "document": _iris(reading.all("document") or _documents(reading, vocabulary)),
        "authority": _iris(reading.all("authority") or _only(vocabulary)),
        "post": _iris(v for v in reading.all("post") if v.startswith("http")),
        "body": _iris(reading.all("body")),
        "theme": [_concept("theme", t) for t in reading.all("theme")],
        "domain": [_concept("domain", d) for d in reading.all("domain")],
        "kind": [_concept("event-kind", k) for k in reading.all("kind")],
        "assertor": [_concept("assertor", a) for a in reading.all("assertor")],
        "grade": [str(ox.Literal(g)) for g in reading.all("grade")],
        "mode": [_concept("mode", m) for m in reading.all("mode")],
        "person": [str(ox.Literal(p)) for p in reading.all("person")],
        "measure": [str(ox.Literal(m)) for m in reading.all("measure") or measures.named(reading)],
    }
    dates = _ends(reading) if reading.has("range") else reading.dates
    slots["date"] = [str(ox.Literal(d)) for d in dates]
    slots["own"] = _iris(_own_events(reading, vocabulary))
    return {**slots, **_days(dates)}


def _only(vocabulary: Vocabulary) -> list[str]:
    """The one authority of a collection about no other: it is meant without being named."""
    one = vocabulary.authorities if len(vocabulary.authorities) == 1 else ()
    return [f"{vocabulary.base}id/organisation/{slug}" for slug in one]


def _own_events(reading: Reading, vocabulary: Vocabulary) -> list[str]:
    """The events that the documents meant report, in order of date."""
    meant = set(reading.documents) or _dated(reading, vocabulary) or _last(reading, vocabulary)
    if not meant and reading.all("authority"):
        return _within(reading, vocabulary)
    events = [e for e in vocabulary.events if e.reported and meant & set(e.documents)]
    return [e.iri for e in sorted(events, key=lambda e: e.dates[:1])]


def _within(reading: Reading, vocabulary: Vocabulary) -> list[str]:
    """The events reported of the authorities named that lie in a period."""
    first = min(map(earliest, reading.dates), default="")
    last = max((latest(d) or "9" for d in reading.dates), default="9")
    events = [
        e
        for e in vocabulary.events
        if e.reported
        and vocabulary.about(next(iter(e.documents), ""), reading)
        and any(earliest(d) >= first and latest(d) <= last for d in e.dates[:1])
    ]
    return [e.iri for e in sorted(events, key=lambda e: e.dates[:1])] if reading.dates else []


def _dated(reading: Reading, vocabulary: Vocabulary) -> set[str]:
    """The documents of a month or year, where a question names nothing but that."""
    if reading.all("loose") or reading.all("absent") or len(reading.dates) != 1:
        return set()
    date = reading.dates[0]
    return {
        d.id
        for d in vocabulary.documents
        if "/" not in date
        and any(compatible(date, held) for held in d.dates)
        and vocabulary.about(d.id, reading)
    }


def _last(reading: Reading, vocabulary: Vocabulary) -> set[str]:
    """The latest inspection report of an authority, where a question names nothing but that."""
    if reading.dates or reading.all("document") or reading.all("absent"):
        return set()
    named = {link.label for link in reading.links if link.slot == "authority"}
    reports = [d for d in vocabulary.documents if d.kind in REPORTS and d.authority in named]
    last = sorted(reports, key=lambda d: max(map(latest, d.dates), default=""))[-1:]
    return {d.id for d in last}


def _documents(reading: Reading, vocabulary: Vocabulary) -> list[str]:
    """Documents that are meant though no word for a document stands in the question."""
    meant = _dated(reading, vocabulary) or _last(reading, vocabulary)
    return [d.iri for d in vocabulary.documents if d.id in meant]


def _days(dates: Sequence[str]) -> Slots:
    ordered = sorted(dates, key=lambda d: earliest(d) or latest(d))
    firsts = [_day(earliest(d) or "1000-01-01") for d in ordered]
    lasts = [_day(latest(d) or "9999-12-31") for d in ordered]
    return {"from": firsts, "to": lasts, "start": firsts[:1], "end": lasts[-1:]}


def _ends(reading: Reading) -> list[str]:
    """The two ends of a period where change over it is asked about."""
    if not any(map(reading.has, ("change", "worse", "better", "compare"))):
        return list(reading.dates)
    return [end for date in reading.dates for end in date.split("/") if end]


def _day(day: str) -> str:
    return str(ox.Literal(day, datatype=XSD_DATE))


def _iris(values: Iterable[str]) -> list[str]:
    return [str(ox.NamedNode(value)) for value in values]


def _concept(scheme: str, code: str) -> str:
    return str(ox.NamedNode(f"{SCHEMES}{scheme}/{code}"))
