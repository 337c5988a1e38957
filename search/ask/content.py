"""What a sentence holds that could answer: dates, numbers, causes, names of bodies, grades.

The words by which that is known stand in ``content.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from kg.dates import find
from kg.edtf import latest
from kg.relative_dates import resolve_relative

_NUMBER = re.compile(
    r"(?<![\w.,/-])£?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,/-])£?\d+(?:\.\d+)?(?![\w/]*\d)"
)
_DIGIT = re.compile(r"\d")
_BODY = re.compile(
    r"\b(?:[A-Z][\w&'’-]+|[A-Z]{2,})(?:\s+(?:(?:of|for|and|the|in)\s+)*(?:[A-Z][\w&'’-]+|[A-Z]{2,}))*"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = re.compile(rf"\bsince (?:{_MONTHS})\b(?!,? (?:of )?(?:\d|that|the|last|this))")
_DAY = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTHS})\b(?!,? \d{{4}})")


@cache
def _raw() -> dict[str, Any]:
    text = files("search.ask").joinpath("content.yaml").read_text(encoding="utf-8")
    return dict(msgspec.yaml.decode(text))


NO_SIGNS = frozenset({"units", "tens", "numbers", "happenings", "tenure"})
"""Entries of ``content.yaml`` that are no lists of patterns."""


@cache
def signs() -> dict[str, re.Pattern[str]]:
    """The signs of ``content.yaml``, compiled."""
    raw = _raw()
    found = {name: _any(each, name) for name, each in raw.items() if name not in NO_SIGNS}
    units, tens = "|".join(raw["units"]), "|".join(raw["tens"])
    words = "|".join((units, tens, *raw["numbers"]))
    worded = rf"\b(?:({tens})(?:[- ]({'|'.join(raw['units'][:9])}))?|({units}))\b"
    worded += r"(?!-year|[- ](?:hundred|thousand|million|tenths?|thirds?|quarters?|fifths?)\b)"
    return {
        **found,
        "numbers": re.compile(rf"\b(?:{words})(?:-\w+)?\b", re.I),
        "worded": re.compile(worded, re.I),
        "unit": re.compile(rf"\b(?:{units}|{tens})", re.I),
    }


def _any(patterns: Sequence[str], name: str) -> re.Pattern[str]:
    flags = 0 if name == "defines" else re.IGNORECASE
    return re.compile("|".join(f"(?:{each})" for each in patterns), flags)


class Number(msgspec.Struct, frozen=True):
    """A number and where it stands; ``value`` has digits only."""

    value: str
    start: int
    end: int
    worded: bool = False


@lru_cache(maxsize=1024)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers in figures of a sentence that count something: not those of dates, ages,
    sections, addresses of files."""
    if not _DIGIT.search(text):
        return ()
    bare = _bare(text, [(s.start, s.end) for s in find(text)])
    return tuple(
        Number(m.group().replace(",", "").lstrip("£"), m.start(), m.end())
        for m in _NUMBER.finditer(bare)
    )


def in_words(text: str) -> tuple[Number, ...]:
    """The whole numbers below a hundred that a sentence has in words and that count something."""
    if not signs()["unit"].search(text):
        return ()
    bare = _bare(text, [(s.start, s.end) for s in find(text)])
    return tuple(
        Number(str(_value(m[1], m[2] or m[3])), m.start(), m.end(), worded=True)
        for m in signs()["worded"].finditer(bare)
    )


def _value(ten: str | None, unit: str | None) -> int:
    raw = _raw()
    tens = 10 * (2 + raw["tens"].index(ten.lower())) if ten else 0
    return tens + (1 + raw["units"].index(unit.lower()) if unit else 0)


def _bare(text: str, dates: Sequence[tuple[int, int]]) -> str:
    """The text with blanks for dates and numbers that count nothing."""
    bare = signs()["uncounted"].sub(lambda match: " " * len(match.group()), text)
    for start, end in dates:
        bare = f"{bare[:start]}{' ' * (end - start)}{bare[end:]}"
    return bare


class Content:
    """The answerable content of one sentence, said at ``anchor``. ``ahead`` is stronger than
    ``planned``: what is set to come, not only what should.

    Each is looked for when it is first asked for: a question asks for few of them, of a
    thousand sentences.
    """

    def __init__(self, text: str, anchor: str) -> None:
        self._text, self._anchor = text, anchor

    @cached_property
    def _spans(self) -> list[tuple[int, int, str]]:
        """The dates, those that get their year from the anchor too."""
        spans = [(s.start, s.end, s.edtf) for s in find(self._text)]
        own = list(spans)
        for found in _yearless(self._text, self._anchor):
            if not any(a <= found[0] < b for a, b, _ in own):
                spans.append(found)
        return spans

    @cached_property
    def _counting(self) -> str:
        """The text without its dates and numbers that count nothing."""
        return _bare(self._text, [(start, end) for start, end, _ in self._spans])

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The dates, in order."""
        return tuple(edtf for _, _, edtf in sorted(self._spans))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in figures; one inside a date is no number."""
        if not _DIGIT.search(self._text):
            return ()
        return tuple(
            m.group().replace(",", "").lstrip("£") for m in _NUMBER.finditer(self._counting)
        )

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """What may be the names of bodies."""
        return tuple(dict.fromkeys(_bodies(self._counting)))

    @property
    def worded(self) -> bool:
        """Whether there is a number in words."""
        return bool(signs()["numbers"].search(self._counting))

    @property
    def cause(self) -> bool:
        """Whether it tells why."""
        return self._shows("cause")

    @property
    def graded(self) -> bool:
        """Whether it tells a grade."""
        return self._shows("graded")

    @property
    def planned(self) -> bool:
        """Whether it tells what should be."""
        return self._shows("planned")

    @property
    def defines(self) -> bool:
        """Whether it tells what something is."""
        return self._shows("defines")

    @property
    def ahead(self) -> bool:
        """Whether it tells what is to come."""
        return self._shows("ahead")

    def _shows(self, sign: str) -> bool:
        return bool(signs()[sign].search(self._text))

    def has(self, asks: str) -> bool:
        """Whether the sentence holds the kind of thing that is asked for."""
        match asks:
            case "date":
                return bool(self.dates)
            case "number":
                return bool(self.numbers) or self.worded
            case "cause":
                return self.cause
            case "grade":
                return self.graded
            case "body":
                return bool(self.bodies)
        return True

    def values(self, asks: str) -> Sequence[str]:
        """The bare values of that kind."""
        return {"date": self.dates, "number": self.numbers}.get(asks, ())


@lru_cache(maxsize=10_000)
def content(text: str, anchor: str = "") -> Content:
    """What a sentence holds, said at ``anchor``: "on 19 December" gets its year from there."""
    return Content(text, anchor)


def _yearless(text: str, anchor: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _DAY.finditer(text) if anchor and _DIGIT.search(text) else ():
        value = resolve_relative(f"{match[1]} {match[2]}", latest(anchor))
        if value:
            found.append((match.start(), match.end(), value))
    for match in _MONTH.finditer(text) if anchor else ():
        value = resolve_relative(match[0], latest(anchor))
        if value:
            found.append((match.start(), match.end(), value))
    return found


def _bodies(text: str) -> list[str]:
    """Runs of capitals that are no mere first word of the sentence."""
    return [
        match.group() for match in _BODY.finditer(text) if match.start() > 0 or " " in match.group()
    ]
