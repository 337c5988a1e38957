"""Dates and periods as public documents print them, kept to the precision they have.

Values are strings of the EDTF profile of :mod:`kg.model`: ``2019``, ``2019-07``,
``2019-07-04`` or an interval ``2018-09-17/2018-09-28``, either side empty when open.
Numeric dates are read day first, as British documents print them.

    >>> [span.edtf for span in find("visited on 11 June 2019, again 9–24 November 2017")]
    ['2019-06-11', '2017-11-09/2017-11-24']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from kg.edtf import compatible, days, earliest, exists, hull, latest, literal

__all__ = [
    "DateSpan",
    "compatible",
    "days",
    "earliest",
    "find",
    "hull",
    "latest",
    "literal",
    "resolve_relative",
]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?i:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:19|20)\d\d"
_WEEKDAY = r"(?:(?i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),?\s+)?"
_DASH = r"[-–—‑−]"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}

_ATOM = re.compile(
    rf"""
    (?<![\w£$,.])(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)
    | (?P<numeric>\d{{1,2}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)(?:{_YEAR}|\d\d))(?![\w/])
    | {_WEEKDAY}(?P<day>{_DAY})\s*(?:{_DASH}|to|and|&)\s*{_WEEKDAY}(?P<day2>{_DAY})\s+(?:of\s+)?
      (?P<range_month>{_MONTH})\b\.?(?:,?\s+(?P<range_year>{_YEAR})(?!\d))?
    | {_WEEKDAY}(?:the\s+)?(?P<dmy_day>{_DAY})\s+(?:day\s+of\s+|of\s+)?
      (?P<dmy_month>{_MONTH})\b\.?(?:,?\s+(?P<dmy_year>{_YEAR})(?!\d))?
    | {_WEEKDAY}(?P<mdy_month>{_MONTH})\s+(?P<mdy_day>{_DAY}),?\s+(?P<mdy_year>{_YEAR})(?!\d)
    | (?P<my_month>{_MONTH})\b\.?,?\s+(?P<my_year>{_YEAR})(?!\d)
    | (?P<pair>{_YEAR})\s?(?:/|{_DASH})\s?(?P<pair_end>(?:{_YEAR}|\d\d))(?![\d/-])
    | (?P<season>(?i:spring|summer|autumn|winter))\s+(?:of\s+)?(?P<season_year>{_YEAR})(?!\d)
    | (?P<year>{_YEAR})(?!,?\d|%|[/.-]\d)
    | (?P<bare_month>January|February|March|April|May|June|July|August|September|October|
       November|December)\b
    )
    """,
    re.VERBOSE,
)
_JOINT = re.compile(rf"\s*(?:{_DASH}|to|until|till|through to|up to)\s*")
_LIST = re.compile(r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*;\s*)(?:from\s+|then\s+)?")
_BETWEEN = re.compile(r"\bbetween\s+$", re.I)
_STATUTE = re.compile(r"(?:Act|Acts|Regulations|Order|Rules|Measure|Scheme)\s*\(?$")
_COUNTED = re.compile(r"\s+(?:children|young people|families|referrals|pupils|contacts|cases)\b")


@dataclass(frozen=True)
class DateSpan:
    """A date or period and the place it was read from: ``text[start:end]``."""

    start: int
    end: int
    edtf: str


@dataclass(frozen=True)
class _Atom:
    """One printed date before its missing year is filled in from its neighbours."""

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    day2: int | None = None
    edtf: str = ""

    @property
    def point(self) -> bool:
        return not self.edtf and self.day2 is None

    def iso(self) -> str | None:
        if self.edtf or self.year is None:
            return self.edtf or None
        if self.day2 is not None:
            first, last = (replace(self, day=day, day2=None).iso() for day in (self.day, self.day2))
            return f"{first}/{last}" if first and last and first <= last else None
        parts = [part for part in (self.year, self.month, self.day) if part is not None]
        text = "-".join(f"{part:02d}" for part in parts)
        return text if exists(text) else None


def find(text: str) -> list[DateSpan]:
    """Every date and period in a text, in order; what carries no year is left out."""
    joined = _join(_fill_years(_atoms(text), text), text)
    return [DateSpan(a.start, a.end, edtf) for a in joined if (edtf := a.iso())]


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


def _atoms(text: str) -> Iterator[_Atom]:
    for match in _ATOM.finditer(text):
        if match["range_month"] and not _consecutive(match, text):
            yield from _two_days(match)
        elif atom := _atom(match, text):
            yield atom


def _consecutive(match: re.Match[str], text: str) -> bool:
    """Whether "8 and 9 June" is one period; "7 and 21 June" are two days."""
    between = text[match.end("day") : match.start("day2")]
    if "and" not in between and "&" not in between:
        return True
    adjacent = (_int(match["day2"]) or 0) - (_int(match["day"]) or 0) == 1
    return adjacent or bool(_BETWEEN.search(text[: match.start()][-12:]))


def _two_days(match: re.Match[str]) -> Iterator[_Atom]:
    month, year = _month(match["range_month"]), _int(match["range_year"])
    yield _Atom(*match.span("day"), year, month, _int(match["day"]))
    yield _Atom(match.start("day2"), match.end(), year, month, _int(match["day2"]))


def _atom(match: re.Match[str], text: str) -> _Atom | None:
    start, end = match.span()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return _Atom(start, end, year, month, day)
    if match["numeric"]:
        day, month, year = map(int, re.split(r"[/.-]", match["numeric"]))
        return _Atom(start, end, year + 2000 if year < 100 else year, month, day)
    if match["range_month"]:
        month, year_of = _month(match["range_month"]), _int(match["range_year"])
        return _Atom(start, end, year_of, month, _int(match["day"]), _int(match["day2"]))
    for form in ("dmy", "mdy"):
        if match[f"{form}_month"]:
            year_of, day_of = _int(match[f"{form}_year"]), _int(match[f"{form}_day"])
            return _Atom(start, end, year_of, _month(match[f"{form}_month"]), day_of)
    if match["bare_month"]:
        return _Atom(start, end, None, _month(match["bare_month"]))
    if match["my_month"]:
        return _Atom(start, end, int(match["my_year"]), _month(match["my_month"]))
    return _loose(match, text)


def _loose(match: re.Match[str], text: str) -> _Atom | None:
    """Years, pairs of years and seasons, which need more care than full dates."""
    start, end = match.span()
    if match["season"]:
        return _Atom(start, end, None, edtf=_season(match["season"], int(match["season_year"])))
    if match["pair"]:
        first, last = int(match["pair"]), match["pair_end"]
        final = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
        return _Atom(start, end, None, edtf=f"{first}/{final}") if first < final else None
    if _STATUTE.search(text[:start].rstrip()[-14:]) or _COUNTED.match(text, end):
        return None
    return _Atom(start, end, int(match["year"]))


def _season(name: str, year: int) -> str:
    first = date(year, _SEASONS[name.lower()], 1)
    last = first + relativedelta(months=2)
    return f"{first:%Y-%m}/{last:%Y-%m}"


def _month(word: str) -> int:
    return 1 + _MONTHS.index(word.lower()[:3])


def _int(text: str | None) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def _fill_years(atoms: Iterator[_Atom], text: str) -> list[_Atom]:
    """Let a date without a year take that of the one it is joined to, mostly on its right."""
    filled = list(atoms)
    for i in range(len(filled) - 2, -1, -1):
        left, right = filled[i], filled[i + 1]
        if left.year is None and not left.edtf and right.year and _linked(left, right, text):
            late = (left.month or 0) > (right.month or 0)
            filled[i] = replace(left, year=right.year - late)
    for i in range(1, len(filled)):
        left, right = filled[i - 1], filled[i]
        if right.year is None and not right.edtf and left.year and _linked(left, right, text):
            early = (right.month or 12) < (left.month or 0)
            filled[i] = replace(right, year=left.year + early)
    return filled


def _linked(left: _Atom, right: _Atom, text: str) -> bool:
    gap = text[left.end : right.start]
    return bool(_JOINT.fullmatch(gap) or _LIST.fullmatch(gap))


def _join(atoms: list[_Atom], text: str) -> list[_Atom]:
    """Make one period of two dates that stand as "from … to …" or "between … and …"."""
    out: list[_Atom] = []
    for atom in atoms:
        if out and out[-1].point and atom.point and _is_range(out[-1], atom, text):
            first, last = out[-1].iso(), atom.iso()
            if first and last and first <= last:
                out[-1] = _Atom(out[-1].start, atom.end, None, edtf=f"{first}/{last}")
                continue
        out.append(atom)
    return out


def _is_range(left: _Atom, right: _Atom, text: str) -> bool:
    gap = text[left.end : right.start]
    if _JOINT.fullmatch(gap):
        return True
    return gap.strip() == "and" and bool(_BETWEEN.search(text[: left.start][-12:]))


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
    atoms = [atom for atom in _atoms(text) if atom.year is None and not atom.edtf]
    if len(atoms) > 1 and _is_range(atoms[0], atoms[1], text):
        last = _latest_not_after(atoms[1], base)
        first = last and _latest_not_after(atoms[0], date.fromisoformat(latest(last)))
        return f"{first}/{last}" if first else None
    if atoms:
        return _latest_not_after(atoms[0], base)
    if season := re.search(r"\b(spring|summer|autumn|winter)\b", text, re.I):
        this, before = (_season(season[1], base.year - n) for n in (0, 1))
        return this if earliest(this) <= base.isoformat() else before
    return None


def _latest_not_after(atom: _Atom, base: date) -> str | None:
    this, before = (replace(atom, year=base.year - n).iso() for n in (0, 1))
    return this if this and earliest(this) <= base.isoformat() else before
