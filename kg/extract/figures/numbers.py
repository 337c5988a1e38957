"""Numbers as documents print them: digits, words, money, shares, ranks and ranges.

    >>> [(n.value, n.unit) for n in find("from 3,870 to 6,150, a thirty-eight per cent rise")]
    [('3870', ''), ('6150', ''), ('38', 'per cent')]

A number that only names something (section 47, Table 5, aged 16) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from number_parser import parse_number, parse_ordinal

from kg.extract.figures.words import any_of, words

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_WORD = rf"(?:{'|'.join(_UNITS.split())})"
_TENS = rf"{_WORD}(?:[ -]{_WORD})*"
_CARDINAL = rf"(?:(?:a|{_TENS})[ ](?:hundred|thousand)(?:(?:[ ]and)?[ ]{_TENS})?|{_TENS})"
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|\d{1,3}(?:st|nd|rd|th))"
)
_RANK_AFTER = (
    r"(?:\s+(?:most|least)\s+\w+|[- ](?:largest|highest|lowest|smallest|biggest|best|worst)\b)"
)


_TIMES = re.compile(r"\s?[ap]\.?m\b|-(?:week|month|year)ly\b")
"""After a number of the clock, or in how often something is done."""


@dataclass(frozen=True)
class Number:
    """A number at ``text[start:end]``; ``value`` is in plain digits, ranges as ``a/b``."""

    start: int
    end: int
    value: str
    unit: str = ""


@cache
def _pattern() -> re.Pattern[str]:
    scale = any_of(words().scales)
    percent = r"(?:\s?%|\s?per\s?cent\b|[- ]percentage points?\b)"
    return re.compile(
        rf"""
        (?P<money>£\s?(?P<amount>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>(?:{scale})\b)?)
      | (?P<rank>\b{_ORDINAL}{_RANK_AFTER})
      | (?P<among>\b(?P<some>{_WORD})\sin\s(?:every\s)?(?P<every>{_WORD}|\d{{1,3}})\b(?!\s?%))
      | (?P<fraction>\b(?:{any_of(words().fractions)})\b(?=\s+(?:of\b|a\s)|\s))
      | (?<![\w.,/£-])(?<!\d[ ])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?!0\d)\d+(?:\.\d+)?)
        (?:(?P<digit_percent>{percent})|\s(?P<digit_scale>million|billion|thousand)\b
          |\s(?P<rate>per\s1(?:,?000|0,?000|00,?000))\b)?
        (?![\w/]|,\d|\.\d|[-–](?:\d|\s)|[ ]\d{(3,)})
      | \b(?P<words>{_CARDINAL})\b(?P<word_percent>{percent})?
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def find(text: str) -> Iterator[Number]:
    """The numbers of a text, in order, without dates' parts being told apart."""
    for match in _pattern().finditer(text):
        number = _read(match)
        if number is not None and not _names(text, number):
            yield number


def _read(match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["money"]:
        value = Decimal(match["amount"].replace(",", "")) * _scale(match["scale"])
        return Number(start, end, _plain(value), "GBP")
    if match["rank"]:
        return _rank(match["rank"], start, end)
    if match["among"]:
        return _among(match["some"], match["every"], start, end)
    if match["fraction"]:
        return Number(start, end, words().fractions[match["fraction"].lower()], "proportion")
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", "")) * _scale(match["digit_scale"])
        rate = " ".join((match["rate"] or "").split())
        return Number(start, end, _plain(value), "per cent" if match["digit_percent"] else rate)
    found = _counted(match["words"].lower().replace("a hundred", "one hundred"))
    if found is None:
        return None
    return Number(start, end, str(found), "per cent" if match["word_percent"] else "")


@lru_cache(maxsize=4096)
def _counted(printed: str) -> int | None:
    """The value of a number in words; the same few come again and again."""
    value: int | None = parse_number(printed)
    return value


def _among(some: str, every: str, start: int, end: int) -> Number | None:
    """ "One in five" as the share 0.2."""
    part, whole = (_counted(word.lower()) for word in (some, every))
    if not part or not whole or part >= whole:
        return None
    share = round(Decimal(part) / Decimal(whole), 3)
    return Number(start, end, _plain(share), "proportion")


def _rank(words_: str, start: int, end: int) -> Number | None:
    head = re.match(_ORDINAL, words_, re.IGNORECASE)
    if head is None:
        return None
    digits = re.match(r"\d+", head.group())
    value = int(digits.group()) if digits else parse_ordinal(head.group().lower())
    return None if value is None else Number(start, end, str(value), "rank")


def _scale(word: str | None) -> int:
    return words().scales[word.lower()] if word else 1


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _naming() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    listed = r"(?:(?:\d[\w.]*|[a-z])(?:,\s|\s(?:and|or|to|of)\s|/|–|-))*"
    before = re.compile(rf"\b(?:{any_of(words().labels)})\s+{listed}\(?$", re.IGNORECASE)
    ages = rf"\b(?:{any_of(words().ages_before)})\s+(?:between\s+)?(?:\d+\s*(?:to|and|or|-|–)\s*)?$"
    after = re.compile(
        rf"^(?:\s?(?:to|and|or|-|–)\s?\d+)?[- ](?:{any_of(words().ages_after)})", re.IGNORECASE
    )
    return before, re.compile(ages, re.IGNORECASE), after


def _names(text: str, number: Number) -> bool:
    """Whether the number is a label, an age or one of the pronouns that look like numbers."""
    before, ages, after = _naming()
    head, tail = text[: number.start], text[number.end :]
    if re.search(r"\bwhere\s$", head) or _TIMES.match(tail):
        return True
    if number.unit in ("GBP", "rank", "per cent"):
        return False
    if before.search(head) or (ages.search(head) and not number.unit) or after.search(tail):
        return True
    printed = text[number.start : number.end].lower()
    if printed == "one" or (number.unit == "proportion" and printed == "half"):
        return not re.match(r"\s+in\s", tail)
    return printed in ("two", "three") and bool(
        re.match(r"\s+(?:of them|were|are|have|had)\b", tail)
    )
