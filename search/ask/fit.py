"""How well a sentence fits what a question names: its document, date, post, kind of content."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kg import gazetteer
from kg.dates import compatible
from kg.edtf import earliest, latest
from search.ask import people, timing
from search.ask.able import BESIDE, STRICT, able
from search.ask.amounts import amounts, ordinals, wanted
from search.ask.content import Content, content
from search.ask.cues import cues
from search.ask.evidence import Evidence
from search.ask.posts import named
from search.ask.records import Reading
from search.ask.vocabulary import Vocabulary

NAMED, LOOSE = 0.10, 0.03
"""What a sentence gains for standing in a document that the question names or points to."""

DEFINES = 0.10
"""What a sentence gains for explaining a term where a definition is asked for."""

KINDS = {"date": 0.07, "number": 0.07, "grade": 0.07, "cause": 0.10}
"""What it gains for holding the kind of thing that is asked for."""

COUNTED, FINDS, NAMES = 0.15, 0.02, 0.05
"""What it gains for a number of what is to be counted, for being a finding where it is asked
what was found, and for a name where it is asked who."""

HERE = 0.05
"""What a sentence with such a number gains for naming the authority that the question names."""

DAY, MONTH, YEAR = 0.20, 0.10, 0.05
"""What it gains for naming a date that is asked about, by how precise that is."""

HAPPENED, TO_THE_DAY = 0.07, 0.05
"""What it gains for a date of the very happening asked about, and for a whole date where a
question asks for a day."""

UNHELD = 0.2
"""What a sentence loses that names no holder where a holder is asked for."""


class Fit(msgspec.Struct, frozen=True):
    """A sentence with what speaks for it. ``able`` says that it can answer: it holds the
    kind of thing asked for, at the date asked about; ``soon``, that its document is of the
    year after that date, and so may look back on it."""

    evidence: Evidence
    content: Content
    total: float
    dated: bool
    able: bool
    soon: bool = False


class _Standing(msgspec.Struct, frozen=True):
    """What a document gives to each of its sentences: ``gain`` for being named, ``told`` for
    its own dates, and whether it is of the time asked about, or of the year after."""

    gain: float
    told: float
    within: bool
    soon: bool


def fitted(found: Sequence[Evidence], reading: Reading, vocabulary: Vocabulary) -> list[Fit]:
    """Sentences by their score and how they fit, best first."""
    dates = {d.id: d.dates for d in vocabulary.documents}
    standings = {
        document: _standing(document, reading, dates.get(document, ()))
        for document in {e.document.id for e in found}
    }
    fits = [_fit(e, reading, standings[e.document.id]) for e in found]
    if reading.asks == "person" and _of_role(reading):
        fits = [_holding(fit, reading, vocabulary) for fit in fits]
    return sorted(fits, key=lambda fit: -fit.total)


def _standing(document: str, reading: Reading, dates: Sequence[str]) -> _Standing:
    return _Standing(
        gain=_placed(document, reading),
        told=_precision(reading.dates, dates),
        within=_within(reading, dates),
        soon=_soon(reading, dates),
    )


def _fit(evidence: Evidence, reading: Reading, standing: _Standing) -> Fit:
    held, asks = content(evidence.text, evidence.date or ""), reading.asks
    total = evidence.score + standing.gain
    told = _precision(reading.dates, held.dates) if reading.dates else 0.0
    if asks == "date":  # its own date places a question as well as one in its words
        told = max(told, min(MONTH, standing.told))
    total += told
    if asks in KINDS and held.has(asks):
        total += KINDS[asks]
    if asks == "date" and timing.answers(evidence.text, held, reading):
        total += HAPPENED + TO_THE_DAY * timing.to_the_day(held, reading)
    if asks == "definition" and held.defines:
        total += DEFINES
    if asks == "number" and (found := amounts(evidence.text, wanted(reading))):
        same = wanted(reading).said in evidence.text.lower()
        total += COUNTED if same and found[0].far <= BESIDE else COUNTED / 2
        total += HERE * _here(evidence.text, reading)
    if asks == "person" and people.names(evidence.text, reading.mended.lower()):
        total += NAMES
    if asks in ("list", "passage") and evidence.finding:
        total += FINDS
    dated = not reading.dates or bool(told) or _of_time(reading, held, standing)
    if asks == "number" and ordinals(evidence.text, wanted(reading).nouns):
        dated = not reading.dates or standing.within
    return Fit(evidence, held, total, dated, able(evidence, reading, held, dated), standing.soon)


def _here(text: str, reading: Reading) -> bool:
    """Whether a sentence names an authority that the question names."""
    asked = {link.label for link in reading.links if link.slot == "authority" and link.end}
    return bool(asked) and any(named.slug in asked for named in gazetteer.find(text))


def _of_role(reading: Reading) -> bool:
    """Whether it is asked who holds a post, be it one that the collection knows or any other."""
    if reading.has("holder") and reading.all("post"):
        return True
    match = cues().named["identity"].search(reading.mended)
    return match is not None and bool(people.roles(reading.mended[match.end() :]))


def _holding(fit: Fit, reading: Reading, vocabulary: Vocabulary) -> Fit:
    """A sentence judged by whether it tells who holds the post asked about."""
    if _holds(fit.evidence.text, reading, vocabulary):
        return fit
    return msgspec.structs.replace(fit, able=False, total=fit.total - UNHELD)


def _holds(text: str, reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether a sentence tells who holds a post: by a name, or by another post."""
    if any(name in text for name in vocabulary.people) or people.names(
        text, reading.mended.lower()
    ):
        return True
    asked = {link.label for link in reading.links if link.slot == "post"}
    bare = cues().named["by-whom"].sub(" ", text)
    others = {post for post in named(bare) - asked if not cues().named["appoints"].search(post)}
    return bool(others) and bool(cues().named["stands-for"].search(text))


def _placed(document: str, reading: Reading) -> float:
    if document in reading.documents:
        return NAMED
    loose = any(k.slot == "loose" and k.label == document for k in reading.links)
    return LOOSE if loose else 0.0


def _precision(asked: Sequence[str], held: Sequence[str]) -> float:
    """The gains of all dates asked about that a sentence names, by how precise they are."""
    gains = [max((_gain(a, h) for h in held), default=0.0) for a in asked]
    return min(DAY, sum(gains))


def _gain(asked: str, held: str) -> float:
    if not compatible(asked, held):
        return 0.0
    return {4: YEAR, 7: MONTH, 10: DAY}.get(min(len(asked), len(held)), MONTH)


def _of_time(reading: Reading, held: Content, standing: _Standing) -> bool:
    """A sentence without a date speaks of the time of its document, or of one named."""
    if held.dates:
        return reading.asks not in STRICT and reading.asks != "cause"
    return standing.within


def _within(reading: Reading, document_dates: Sequence[str]) -> bool:
    """Whether a document is of a time that a question names."""
    return any(compatible(a, d) or _around(a, d) for a in reading.dates for d in document_dates)


def _soon(reading: Reading, document_dates: Sequence[str]) -> bool:
    """Whether a document is of the year after a time that a question names."""
    ends = [end for asked in reading.dates if (end := latest(asked))]
    starts = [start for held in document_dates if (start := earliest(held))]
    return any(end < start < f"{int(end[:4]) + 1}{end[4:]}" for end in ends for start in starts)


def _around(asked: str, told: str) -> bool:
    """Whether a date falls in the months or the year that is asked about, or the other way."""
    return "/" not in asked and (asked[:7] == told[:7] or (len(asked) == 4 and asked == told[:4]))
