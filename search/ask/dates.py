"""Dates that questions name, also as people type them: "june 19", "late 2021", "last year".

Relative dates are said by somebody who looks at the collection, so they count from its
last day, not from today.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from kg.dates import find
from kg.edtf import earliest, latest
from kg.relative_dates import resolve_relative
from search.ask.cues import Cues

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SHORT = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s+'?(\d\d)\b(?!\s*\d{4}|[:.]\d)",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?:last (?:year|month|week|spring|summer|autumn|winter)|(?:this|the same) (?:year|month)|"
    r"(?:\w+ )?(?:years?|months?|weeks?) ago)\b",
    re.I,
)


SIDES = re.compile(
    r"\b(after|since|following|before|until|till|prior to|up to)\s+(?:(?:the|its|their|that)\s+)?$",
    re.I,
)
"""Words before a date that make it the start or end of a period."""


class Spotted(msgspec.Struct, frozen=True):
    """A date in a question and where it stands."""

    value: str
    start: int
    end: int


def spot(
    text: str,
    held: Callable[[str], bool],
    cues: Cues,
    last_day: str,
    placed: Callable[[int], bool] = lambda end: False,
) -> list[Spotted]:
    """The dates of a question in order.

    ``placed`` tells whether words for an event follow at a place: what is "after the 2018
    inspection" is after that event, and such a date is left as it is.

    ``held`` tells whether the collection has anything of a month: "june 19" is June 2019
    where it has, and otherwise left alone, since it may be a day.
    """
    found = [Spotted(s.edtf, s.start, s.end) for s in find(text)]
    found += [s for s in _short(text, held) if not _covered(s, found)]
    if last_day:
        found += [s for s in _relative(text, last_day) if not _covered(s, found)]
    narrowed = sorted((_narrowed(text, s, cues) for s in found), key=lambda s: s.start)
    return [s if placed(s.end) else _opened(text, s) for s in narrowed]


def _covered(one: Spotted, others: list[Spotted]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _short(text: str, held: Callable[[str], bool]) -> list[Spotted]:
    found = []
    for match in _SHORT.finditer(text):
        month = _MONTHS.index(match[1].lower()[:3]) + 1
        value = f"20{match[2]}-{month:02d}"
        if held(value):
            found.append(Spotted(value, match.start(), match.end()))
    return found


def _relative(text: str, last_day: str) -> list[Spotted]:
    found = []
    for match in _RELATIVE.finditer(text):
        value = resolve_relative(match.group().lower(), last_day)
        if value:
            found.append(Spotted(value, match.start(), match.end()))
    return found


def _narrowed(text: str, spotted: Spotted, cues: Cues) -> Spotted:
    """A year said to be early or late becomes those months; the end of a month its last day."""
    before = text[: spotted.start].lower().rstrip(" -–")
    part = next((p for p in sorted(cues.parts, key=len, reverse=True) if before.endswith(p)), None)
    if part is None:
        return spotted
    start = before.rindex(part)
    if re.fullmatch(r"\d{4}", spotted.value):
        first, last = cues.parts[part]
        year = spotted.value
        return Spotted(f"{year}-{first:02d}/{year}-{last:02d}", start, spotted.end)
    if re.fullmatch(r"\d{4}-\d\d", spotted.value) and part.endswith("end of"):
        return Spotted(latest(spotted.value), start, spotted.end)
    if re.fullmatch(r"\d{4}-\d\d", spotted.value) and part in ("start of", "beginning of"):
        return Spotted(earliest(spotted.value), start, spotted.end)
    return spotted


def _opened(text: str, spotted: Spotted) -> Spotted:
    """A date after "after", "since" or "before" becomes a period without an end or start."""
    match = SIDES.search(text[: spotted.start])
    if match is None or "/" in spotted.value:
        return spotted
    return opened(spotted.value, match[1], match.start(1), spotted.end)


SPAN = re.compile(
    r"\b(?:years?|months?|weeks?|days?|period|time)\s+"
    r"(?:before|until|prior to|up to)\s+(?:the\s+)?$",
    re.I,
)
"""Words for the time that leads up to an event, of which its report tells."""


def opened(value: str, word: str, start: int, end: int) -> Spotted:
    """The period before or after a date, as a word says."""
    if word.lower() in ("before", "until", "till", "prior to", "up to"):
        period = f"/{_day(earliest(value), -1)}"
    elif word.lower() == "since":
        period = f"{earliest(value)}/"
    else:
        period = f"{_day(latest(value), 1)}/"
    return Spotted(period, start, end)


def _day(day: str, step: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=step)).isoformat()
