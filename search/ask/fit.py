"""How well a sentence fits what a question names: its document, date, post, kind of content."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from kg.dates import compatible
from search.ask.content import Content, content
from search.ask.evidence import Evidence
from search.ask.records import Reading
from search.ask.vocabulary import Vocabulary

NAMED, LOOSE = 0.10, 0.03
"""What a sentence gains for standing in a document that the question names or points to."""

KINDS = {"date": 0.07, "number": 0.07, "grade": 0.07, "cause": 0.10}
"""What it gains for holding the kind of thing that is asked for."""

DAY, MONTH, YEAR = 0.20, 0.10, 0.05
"""What it gains for naming a date that is asked about, by how precise that is."""


class Fit(msgspec.Struct, frozen=True):
    """A sentence with what speaks for it. ``able`` says that it can answer: it holds the
    kind of thing asked for, at the date asked about."""

    evidence: Evidence
    content: Content
    total: float
    dated: bool
    able: bool


def fitted(
    found: Sequence[Evidence], reading: Reading, vocabulary: Vocabulary
) -> list[Fit]:
    """Sentences by their score and how they fit, best first."""
    dates = {d.id: d.dates for d in vocabulary.documents}
    fits = [_fit(e, reading, dates.get(e.document.id, ())) for e in found]
    return sorted(fits, key=lambda fit: -fit.total)


def _fit(evidence: Evidence, reading: Reading, document_dates: Sequence[str]) -> Fit:
    held = content(evidence.text, evidence.date or "")
    total = evidence.score + _placed(evidence, reading)
    told = _precision(reading.dates, held.dates)
    total += told
    if reading.asks in KINDS and held.has(reading.asks):
        total += KINDS[reading.asks]
    dated = not reading.dates or bool(told) or _of_time(reading, held, document_dates)
    return Fit(evidence, held, total, dated, held.has(reading.asks) and dated)


def _placed(evidence: Evidence, reading: Reading) -> float:
    if evidence.document.id in reading.documents:
        return NAMED
    loose = any(k.slot == "loose" and k.label == evidence.document.id for k in reading.links)
    return LOOSE if loose else 0.0


def _precision(asked: Sequence[str], held: Sequence[str]) -> float:
    """The gain of the most precise date that both name."""
    gains = [
        {4: YEAR, 7: MONTH, 10: DAY}.get(min(len(a), len(h)), MONTH)
        for a in asked
        for h in held
        if compatible(a, h)
    ]
    return max(gains, default=0.0)


def _of_time(reading: Reading, held: Content, document_dates: Sequence[str]) -> bool:
    """A sentence without a date speaks of the time of its document, or of one named."""
    if held.dates and not re.search("number|date", reading.asks):
        return True
    return not held.dates and any(
        compatible(a, d) or _around(a, d) for a in reading.dates for d in document_dates
    )


def _around(asked: str, told: str) -> bool:
    """Whether a date falls in the months or the year that is asked about, or the other way."""
    return asked[:7] == told[:7] or (len(asked) == 4 and asked == told[:4])
