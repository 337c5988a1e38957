"""Dates that are said from where the speaker stands: "last month", "in May"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from kg.date_spans import Atom, atoms, find, is_range, season
from kg.edtf import earliest, latest

_NUMBER = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_COUNT = re.compile(
    r"\b(?P<n>\d{1,3}|" + "|".join(_NUMBER) + r")\s+(?P<unit>day|week|month|year)s?\s+"
    r"(?P<way>ago|earlier|before|previously|later|after)\b",
    re.I,
)
_NEXT_TO = re.compile(
    r"\b(?P<way>last|previous|past|preceding|this|current|same|next|following|coming)\s+"
    r"(?P<unit>day|week|month|year)\b",
    re.I,
)
_UNIT_FORM = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def resolve_relative(text: str, anchor: str) -> str | None:
    """The date that words such as "last month" or "in May" mean, said at ``anchor``.

    A month or day without a year is the latest one that does not lie after the anchor.
    Words that carry a full date mean that date; unknown words give None.

        >>> resolve_relative("the following year", "2019-07-04")
        '2020'
    """
    if explicit := find(text):
        return explicit[0].edtf
    base = date.fromisoformat(latest(anchor))
    return _counted(text, base) or _neighbour(text, base) or _yearless(text, base)


def _step(unit: str, n: int) -> relativedelta:
    steps = {"day": relativedelta(days=n), "week": relativedelta(weeks=n)}
    return steps.get(unit) or (
        relativedelta(months=n) if unit == "month" else relativedelta(years=n)
    )


def _counted(text: str, base: date) -> str | None:
    if not (match := _COUNT.search(text)):
        return None
    n = int(match["n"]) if match["n"].isdigit() else _NUMBER[match["n"].lower()]
    back = match["way"].lower() not in ("later", "after")
    unit = match["unit"].lower()
    day: date = base + _step(unit, -n if back else n)
    return day.strftime(_UNIT_FORM[unit])


def _neighbour(text: str, base: date) -> str | None:
    if re.search(r"\b(?:yesterday)\b", text, re.I):
        return (base - timedelta(days=1)).isoformat()
    if re.search(r"\btoday\b", text, re.I):
        return base.isoformat()
    if not (match := _NEXT_TO.search(text)):
        return None
    way, unit = match["way"].lower(), match["unit"].lower()
    n = 0 if way in ("this", "current", "same") else 1
    n = n if way in ("next", "following", "coming") else -n
    if unit == "week":
        monday = base + timedelta(days=7 * n - base.weekday())
        return f"{monday}/{monday + timedelta(days=6)}"
    day: date = base + _step(unit, n)
    return day.strftime(_UNIT_FORM[unit])


def _yearless(text: str, base: date) -> str | None:
    """A day, range of days, month or season without a year: the latest not after the anchor."""
    bare = [atom for atom in atoms(text) if atom.year is None and not atom.edtf]
    if len(bare) > 1 and is_range(bare[0], bare[1], text):
        last = _latest_not_after(bare[1], base)
        first = last and _latest_not_after(bare[0], date.fromisoformat(latest(last)))
        return f"{first}/{last}" if first else None
    if bare:
        return _latest_not_after(bare[0], base)
    if named := re.search(r"\b(spring|summer|autumn|winter)\b", text, re.I):
        this, before = (season(named[1], base.year - n) for n in (0, 1))
        return this if earliest(this) <= base.isoformat() else before
    return None


def _latest_not_after(atom: Atom, base: date) -> str | None:
    this, before = (replace(atom, year=base.year - n).iso() for n in (0, 1))
    return this if this and earliest(this) <= base.isoformat() else before
