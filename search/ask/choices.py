"""The reading of a question in the hands of whoever asks: what can be set, and to what.

Values are short ids: of events, posts and bodies what follows ``{base}id/``, of documents
their id, of concepts their code. Dates are EDTF, measures and topics text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from kg.edtf import earliest, latest
from kg.errors import FindingsError, QueryError, UnknownThing
from kg.gazetteer import authorities
from search.ask.cues import cues
from search.ask.forms import forms
from search.ask.records import Choice, Link, Reading
from search.ask.vocabulary import Entry, Named, Vocabulary
from search.words import STOPWORDS, words

PASSAGES = "passages"
"""The form that is none: the best passages, quoted."""

MANY = 60
"""Values offered for one slot at most; those read, and those alike, come first."""

_DATE = re.compile(r"(?:\d{4}(?:-\d\d){0,2})?(?:/(?:\d{4}(?:-\d\d){0,2})?)?")

_CONCEPTS = {
    "domain": "domain",
    "mode": "mode",
    "assertor": "assertor",
    "kind": "event-kind",
    "grade": "grade",
}
"""Slots that hold concepts, and their schemes."""

SLOTS = ("authority", "event", "document", "post", "body", *_CONCEPTS, "measure", "date")
"""Slots that can be set, in the order in which they are shown."""


class Option(msgspec.Struct, frozen=True):
    """A value that a slot may have."""

    value: str
    label: str
    chosen: bool = False


def revised(reading: Reading, choice: Choice, vocabulary: Vocabulary) -> Reading:
    """The reading with what was chosen in the place of what was read.

    To empty a slot of which nothing was read changes nothing.

    :raises QueryError: for a form, slot or value that there is not.
    """
    if choice.form not in (None, PASSAGES, *forms()):
        raise _unknown("form of question", str(choice.form), [PASSAGES, *forms()])
    for slot in choice.slots:
        if slot not in SLOTS:
            raise _unknown("slot", slot, SLOTS)
    slots = {s: v for s, v in choice.slots.items() if v or values(reading, s, vocabulary)}
    links = [link for link in reading.links if not _replaced(link, slots)]
    for slot, chosen in slots.items():
        links += [_link(slot, value, vocabulary) for value in chosen if slot != "date"]
    dates = tuple(map(_date, slots["date"])) if "date" in slots else reading.dates
    documents = (link.label for link in links if link.slot in ("document", "reporting"))
    return msgspec.structs.replace(
        reading,
        topic=reading.topic if choice.topic is None else choice.topic,
        links=tuple(links),
        dates=dates,
        documents=tuple(dict.fromkeys(documents)),
    )


def _replaced(link: Link, slots: Mapping[str, Sequence[str]]) -> bool:
    """Whether a link is of a slot that is set; "elsewhere" and "absent" are unmet readings of
    an authority, a document or an event."""
    aside = {
        "elsewhere": ("authority",),
        "loose": ("document",),
        "absent": ("document", "event"),
    }.get(link.slot, ())
    return link.slot in slots or any(slot in slots for slot in aside)


def _link(slot: str, value: str, vocabulary: Vocabulary) -> Link:
    label = _labels(slot, vocabulary).get(value)
    if label is None:
        raise UnknownThing(
            f"There is no {slot} '{value[:80]}' in the documents.",
            cure=f"Leave out slot.{slot}, or take a value of the reading that an answer gives.",
        )
    if slot in _CONCEPTS or slot == "measure":
        return Link(slot, value, label, 0, 0)
    kind = {"document": "document/", "authority": "organisation/"}.get(slot, "")
    iri = f"{vocabulary.base}id/{kind}{value}"
    return Link(slot, iri, value if kind else label, 0, 0)


def _date(value: str) -> str:
    try:
        sound = bool(value.strip("/")) and _DATE.fullmatch(value) is not None
        sound = sound and all(earliest(v) <= latest(v) for v in value.split("/") if v)
    except ValueError:
        sound = False
    if not sound:
        raise QueryError(
            f"'{value[:40]}' is no date.",
            cure="Write 2019, 2019-07, 2019-07-04, or two of them with / between.",
        )
    return value


def values(reading: Reading, slot: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The values that a slot has in a reading, as they are set."""
    if slot == "date":
        return reading.dates
    if slot in ("document", "authority"):
        return tuple(dict.fromkeys(k.label for k in reading.links if k.slot == slot))
    if slot in _CONCEPTS or slot == "measure":
        return reading.all(slot)
    head = f"{vocabulary.base}id/"
    return tuple(v.removeprefix(head) for v in reading.all(slot) if v.startswith(head))


def options(reading: Reading, slot: str, vocabulary: Vocabulary) -> list[Option]:
    """The values that a slot may have: those read, then those most like the question."""
    chosen = values(reading, slot, vocabulary)
    labels = _labels(slot, vocabulary)
    nearby = _nearby(reading, slot, vocabulary)
    asked = {w.stem for w in words(reading.mended) if w.printed.lower() not in STOPWORDS}

    def far(value: str) -> tuple[bool, bool, int, str]:
        common = sum(1 for w in words(labels[value]) if w.stem in asked)
        return value not in chosen, value not in nearby, -common, labels[value]

    ordered = sorted(labels, key=far)[: MANY + len(chosen)]
    return [Option(value, labels[value], value in chosen) for value in ordered]


def _nearby(reading: Reading, slot: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Events and documents of the authorities named, or read to be meant."""
    held = {k.label for k in reading.links if k.slot == "authority"}
    held |= vocabulary.among(reading.documents)
    entries = {"event": vocabulary.events, "document": vocabulary.documents}.get(slot, ())
    return frozenset(e.id for e in entries if e.authority in held)


def _labels(slot: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Every value of a slot with its label."""
    made: dict[str, Callable[[], dict[str, str]]] = {
        "event": lambda: {e.id: e.label for e in vocabulary.events},
        "document": lambda: {d.id: _called(d, vocabulary) for d in vocabulary.documents},
        "authority": lambda: {s: _authority(s) for s in vocabulary.authorities},
        "post": lambda: _named(vocabulary.posts, vocabulary),
        "body": lambda: _named(vocabulary.bodies, vocabulary),
        "measure": lambda: {m: m for m in vocabulary.measures},
    }
    if slot in made:
        return made[slot]()
    return _concepts(slot, vocabulary) if slot in _CONCEPTS else {}


def _named(entries: Iterable[Named], vocabulary: Vocabulary) -> dict[str, str]:
    head = f"{vocabulary.base}id/"
    return {entry.iri.removeprefix(head): entry.label for entry in entries}


def _concepts(slot: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The concepts by which a question can be read, with their labels."""
    known = cues()
    codes: dict[str, Iterable[str]] = {
        "domain": known.domains,
        "mode": known.modes,
        "assertor": known.assertors,
        "grade": known.grades,
        "kind": tuple(dict.fromkeys(k for place in known.places for k in place.events)),
    }
    return {code: vocabulary.label(_CONCEPTS[slot], code) for code in codes[slot]}


def _called(document: Entry, vocabulary: Vocabulary) -> str:
    where = f" ({_authority(document.authority)})" if document.authority else ""
    return f"{vocabulary.name(document.id)}{where}"


def _authority(slug: str) -> str:
    known = authorities().get(slug)
    return known.name if known else slug.replace("-", " ").title()


def _unknown(what: str, value: str, known: Iterable[str]) -> FindingsError:
    return QueryError(
        f"There is no {what} '{value[:40]}'.", cure=f"Choose one of: {', '.join(known)}."
    )
