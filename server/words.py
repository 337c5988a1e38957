"""Values of the graph in the words of a page: dates, grades, polarity, certainty.

Dates follow GOV.UK style: '12 March 2024', '17 to 28 September 2018', 'July 2019'.
"""

from __future__ import annotations

import calendar
import re

POLARITY = {
    "strength": "Strength",
    "weakness": "Weakness",
    "mixed": "Mixed",
    "progress": "Progress",
}

SAID = {
    "finding": "Findings",
    "relation claim": "How it stands to others",
    "tenure claim": "Who held a post, and when",
    "post mention": "Where a post is named",
    "organisation mention": "Where it is named",
    "event mention": "Where it is mentioned",
}
"""Headings for kinds of statements, most telling first; other kinds by their own label."""

_ACRONYMS = {"lscb": "LSCB", "ilacs": "ILACS", "sif": "SIF", "dcs": "DCS", "nhs": "NHS"}


def plain(slug: str) -> str:
    """A concept's slug as words, where the graph has no label: ``care-leavers``."""
    words = slug.replace("_", "-").split("-")
    text = " ".join(_ACRONYMS.get(word, word) for word in words)
    return text[:1].upper() + text[1:]


def _one_date(value: str) -> str:
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return value
    words = [str(int(part)) for part in reversed(parts)]
    if len(parts) > 1:
        month = int(parts[1])
        if not 1 <= month <= 12:
            return value
        words[-2] = calendar.month_name[month]
    return " ".join(words)


def _shared_tail(start: str, end: str) -> str:
    """The start without the words it shares with the end: '17' for '17 September 2018'."""
    first, last = start.split(), end.split()
    while len(first) > 1 and first[-1] == last[-1]:
        first.pop()
        last.pop()
    return " ".join(first)


def date_words(value: str | None) -> str:
    """A date of any precision, or an interval, as a reader would write it; '' for none.

    >>> date_words("2018-09-17/2018-09-28")
    '17 to 28 September 2018'
    """
    if not value:
        return ""
    if "/" not in value:
        return _one_date(value)
    start, end = (_one_date(side) for side in value.split("/", 1))
    if not start or not end:
        return f"from {start}" if start else f"until {end}"
    if start == end:
        return end
    return f"{_shared_tail(start, end)} to {end}"


_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)(?: to |/)(\d{4}-\d\d-\d\d)")
_DAY = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?\b")


def readable(text: str | None) -> str:
    """A label with its dates in words: 'Inspection, 2022-11-21' ends in '21 November 2022'."""
    if not text:
        return ""
    joined = _PERIOD.sub(lambda m: date_words(f"{m[1]}/{m[2]}"), text)
    return _DAY.sub(lambda m: date_words(m[0]), joined)


def certainty(confidence: float) -> str:
    """How sure the reading is, in words."""
    if confidence >= 0.9:
        return "High"
    return "Medium" if confidence >= 0.7 else "Low"


def count_words(number: int, one: str, many: str = "") -> str:
    """'1 document', '1,204 documents'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def number_words(value: object) -> object:
    """A number with commas between thousands; anything else as it is."""
    return f"{value:,}" if isinstance(value, int | float) else value


def amount(value: object, unit: str | None) -> str:
    """A number with its unit, as GOV.UK style writes it.

    >>> amount(1500, "GBP"), amount(62.5, "per cent"), amount(3, None)
    ('£1,500', '62.5%', '3')
    """
    text = str(number_words(value))
    match unit:
        case None:
            return text
        case "GBP":
            return f"£{text}"
        case "per cent":
            return f"{text}%"
        case _:
            return f"{text} {unit}"


def capital(text: object) -> str:
    """The text with a capital first letter, the rest as it is; a name like nDCG stays whole."""
    words = str(text)
    return words if words[1:2].isupper() else words[:1].upper() + words[1:]


def said_words(kind: str) -> str:
    """The heading over statements of a kind, by the kind's label."""
    return SAID.get(kind, plain(kind))
