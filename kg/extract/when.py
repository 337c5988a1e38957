"""Dates of a document's sentences, those that lean on their surroundings included.

"In November" means the November of the heading's year, else the one that follows the date
told last in the paragraph, else the last one before the document; "that year" and "the
following month" lean on the date told last. Such dates are marked inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg import dates
from kg.edtf import earliest, latest
from kg.model import Basis

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|[0-9]{1,2}"
_RELATIVE = re.compile(
    rf"""
      (?P<same>(?P<same_month>{_MONTHS})\ (?:of\ )?(?:that|the\ same)\ year)
    | \b(?P<next>the\ (?:following|next)\ (?P<next_unit>month|year))\b
    | \b(?P<past>(?:for\ )?(?:the\ )?(?:past|last)
      \ (?P<n>{_NUMBERS})\ (?P<past_unit>months|years))\b
    | \b(?P<now>(?:this|last)\ (?:month|year))\b
    | (?<=\bin\ )(?P<that>that\ year)\b
    | (?<=\bsince\ )(?P<then>then)\b
    | (?:(?<=\bin\ )|(?<=\bsince\ )|(?<=\bby\ )|(?<=\buntil\ )|(?<=\bfrom\ )|(?<=\band\ )|(?<=,\ )
       |(?<=\bearly\ )|(?<=\blate\ )|(?<=\bof\ )|(?<=\bon\ ))
      (?P<bare>(?:\d{{1,2}}(?:st|nd|rd|th)?\ )?(?P<bare_month>{_MONTHS}))\b(?!\ \d{{4}}|'s)
    """,
    re.VERBOSE,
)
_YEAR_HEADING = re.compile(rf"\s*(?:In )?((?:19|20)\d\d)\b(?:[ -]|{_MONTHS}|to)*\s*$")


@dataclass(frozen=True)
class When:
    """A date at ``start:end`` of a line; ``basis`` tells whether the year is printed there."""

    start: int
    end: int
    edtf: str
    basis: Basis = "stated"


@dataclass
class Clock:
    """What a reader keeps in mind of dates while reading on."""

    anchor: str | None
    told: str | None = None
    heading_year: str | None = None
    _order: dict[str, int] = field(
        default_factory=lambda: {m: i for i, m in enumerate(_MONTHS.split("|"), 1)}
    )

    def heading(self, text: str) -> None:
        """A new heading: its year holds for bare months below it; what was told is past."""
        match = _YEAR_HEADING.match(text)
        self.heading_year = match[1] if match else None
        self.told = None

    def paragraph(self) -> None:
        """A new paragraph: dates told before it are no longer in mind."""
        self.told = None

    def read(self, text: str) -> list[When]:
        """The dates of one line, in order."""
        found = [When(span.start, span.end, span.edtf) for span in dates.find(text)]
        for match in _RELATIVE.finditer(text):
            if all(match.end() <= w.start or w.end <= match.start() for w in found):
                before = [w.edtf for w in found if w.end <= match.start()]
                edtf = self._resolve(match, before[-1] if before else self.told)
                if edtf:
                    found.append(When(match.start(), match.end(), edtf, "inferred"))
                    found.sort(key=lambda w: w.start)
        if found:
            self.told = found[-1].edtf
        return found

    def _resolve(self, match: re.Match[str], told: str | None) -> str | None:
        if match["same"]:
            return f"{told[:4]}-{self._order[match['same_month']]:02d}" if told else None
        if match["next"]:
            return dates.resolve_relative(match["next"], _point(told)) if told else None
        if match["that"]:
            return told[:4] if told else None
        if match["then"]:
            return told
        if match["bare"]:
            return self._bare(match["bare"], match["bare_month"], told)
        if self.anchor is None:
            return None
        if match["past"]:
            return self._past(match["n"], match["past_unit"])
        return dates.resolve_relative(match["now"], self.anchor)

    def _past(self, count: str, unit: str) -> str | None:
        words = f"{count} {unit} ago"
        return dates.resolve_relative(words, self.anchor or "")

    def _bare(self, words: str, month: str, told: str | None) -> str | None:
        number = self._order[month]
        if self.heading_year:
            return self._full(words, self.heading_year, number)
        point = _point(told) if told else ""
        if len(point) >= 7:
            year = int(point[:4]) + (number < int(point[5:7]) - 2)
            guess = f"{year}-{number:02d}"
            if not self.anchor or earliest(guess) <= latest(self.anchor):
                return self._full(words, str(year), number)
        if told and len(point) == 4:
            return self._full(words, point, number)
        return dates.resolve_relative(words, self.anchor) if self.anchor else None

    @staticmethod
    def _full(words: str, year: str, number: int) -> str:
        day = re.match(r"\d{1,2}", words)
        return f"{year}-{number:02d}" + (f"-{int(day[0]):02d}" if day else "")


def _point(edtf: str) -> str:
    """The later end of a period, or the date itself."""
    first, _, last = edtf.partition("/")
    return last or first
