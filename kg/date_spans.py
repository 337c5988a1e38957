"""Spotting dates and periods in running text.

Day-first numbers, months in words, ranges that share a month or year, seasons, financial
years: whatever public documents print, with the span of words that prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from kg.edtf import exists

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
_DIGIT = re.compile(r"\d")
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
class Atom:
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
    return list(_found(text))


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[DateSpan, ...]:
    """Kept for the extractors that read the same lines one after another.

    Without a digit there is no year, and so no date.
    """
    if not _DIGIT.search(text):
        return ()
    joined = _join(_fill_years(atoms(text), text), text)
    return tuple(DateSpan(a.start, a.end, edtf) for a in joined if (edtf := a.iso()))


def atoms(text: str) -> Iterator[Atom]:
    """The printed dates of a text one by one, years not yet filled in from neighbours."""
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


def _two_days(match: re.Match[str]) -> Iterator[Atom]:
    month, year = _month(match["range_month"]), _int(match["range_year"])
    yield Atom(*match.span("day"), year, month, _int(match["day"]))
    yield Atom(match.start("day2"), match.end(), year, month, _int(match["day2"]))


def _atom(match: re.Match[str], text: str) -> Atom | None:
    start, end = match.span()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return Atom(start, end, year, month, day)
    if match["numeric"]:
        day, month, year = map(int, re.split(r"[/.-]", match["numeric"]))
        return Atom(start, end, year + 2000 if year < 100 else year, month, day)
    if match["range_month"]:
        month, year_of = _month(match["range_month"]), _int(match["range_year"])
        return Atom(start, end, year_of, month, _int(match["day"]), _int(match["day2"]))
    for form in ("dmy", "mdy"):
        if match[f"{form}_month"]:
            year_of, day_of = _int(match[f"{form}_year"]), _int(match[f"{form}_day"])
            return Atom(start, end, year_of, _month(match[f"{form}_month"]), day_of)
    if match["bare_month"]:
        return Atom(start, end, None, _month(match["bare_month"]))
    if match["my_month"]:
        return Atom(start, end, int(match["my_year"]), _month(match["my_month"]))
    return _loose(match, text)


def _loose(match: re.Match[str], text: str) -> Atom | None:
    """Years, pairs of years and seasons, which need more care than full dates."""
    start, end = match.span()
    if match["season"]:
        return Atom(start, end, None, edtf=season(match["season"], int(match["season_year"])))
    if match["pair"]:
        first, last = int(match["pair"]), match["pair_end"]
        final = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
        return Atom(start, end, None, edtf=f"{first}/{final}") if first < final else None
    if _STATUTE.search(text[:start].rstrip()[-14:]) or _COUNTED.match(text, end):
        return None
    return Atom(start, end, int(match["year"]))


def season(name: str, year: int) -> str:
    """The three months of a season, by the meteorologists' calendar."""
    first = date(year, _SEASONS[name.lower()], 1)
    last = first + relativedelta(months=2)
    return f"{first:%Y-%m}/{last:%Y-%m}"


def _month(word: str) -> int:
    return 1 + _MONTHS.index(word.lower()[:3])


def _int(text: str | None) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def _fill_years(atoms: Iterator[Atom], text: str) -> list[Atom]:
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


def _linked(left: Atom, right: Atom, text: str) -> bool:
    gap = text[left.end : right.start]
    return bool(_JOINT.fullmatch(gap) or _LIST.fullmatch(gap))


def _join(atoms: list[Atom], text: str) -> list[Atom]:
    """Make one period of two dates that stand as "from … to …" or "between … and …"."""
    out: list[Atom] = []
    for atom in atoms:
        if out and out[-1].point and atom.point and is_range(out[-1], atom, text):
            first, last = out[-1].iso(), atom.iso()
            if first and last and first <= last:
                out[-1] = Atom(out[-1].start, atom.end, None, edtf=f"{first}/{last}")
                continue
        out.append(atom)
    return out


def is_range(left: Atom, right: Atom, text: str) -> bool:
    """Whether two neighbouring dates are the ends of one period."""
    gap = text[left.end : right.start]
    if _JOINT.fullmatch(gap):
        return True
    return gap.strip() == "and" and bool(_BETWEEN.search(text[: left.start][-12:]))
