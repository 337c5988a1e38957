"""Whether a date in a sentence can answer "when": it must be that of what is asked about.

A question may name dates of its own, which only place it: in "When did the plan discussed in
March 2023 begin?" March 2023 is no answer, nor is the date of a meeting that discussed it.
``happenings`` of ``content.yaml`` are named groups of words for the same happening.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from kg.edtf import earliest, latest
from search.ask.content import Content, signs
from search.ask.cues import pattern
from search.ask.records import Reading

DAY = len("2020-01-31")


class _Groups(msgspec.Struct, frozen=True):
    """The groups by name, and which of them are of a holder's time in a post."""

    happenings: dict[str, re.Pattern[str]]
    tenure: frozenset[str]


@cache
def _groups() -> _Groups:
    raw = msgspec.yaml.decode(
        files("search.ask").joinpath("content.yaml").read_text(encoding="utf-8")
    )
    groups = {name: pattern(words) for name, words in raw["happenings"].items()}
    return _Groups(groups, frozenset(raw["tenure"]))


@lru_cache(maxsize=1024)
def happenings(text: str) -> frozenset[str]:
    """The groups of which a text has a word."""
    return frozenset(name for name, each in _groups().happenings.items() if each.search(text))


def of_tenure(text: str) -> bool:
    """Whether a text speaks of what may be the taking up or leaving of a post."""
    return bool(happenings(text) & _groups().tenure)


def told(text: str, reading: Reading) -> bool:
    """Whether a sentence speaks of the happening that a question names; true if it names none."""
    asked = happenings(reading.mended)
    return not asked or bool(asked & happenings(text))


def answers(text: str, held: Content, reading: Reading) -> bool:
    """Whether a sentence has a date beside those of the question, of what is asked about; one
    since which something lasts at a time lies no later than that."""
    dates = [date for date in held.dates if not _asked(date, reading.dates)]
    if reading.has("since") and reading.dates:
        until = max(map(latest, reading.dates))
        dates = [date for date in dates if not until or earliest(date) <= until]
    return bool(dates) and told(text, reading)


def to_the_day(held: Content, reading: Reading) -> bool:
    """Whether a sentence has a whole date where a question asks for a day."""
    wanted = bool(signs()["to-the-day"].search(reading.mended))
    return wanted and any(len(date) == DAY for date in held.dates)


def _asked(date: str, asked: Sequence[str]) -> bool:
    """Whether a date is one of the question's, or holds it: no answer to when in it."""
    return any(
        "/" not in one and earliest(date) <= earliest(one) and latest(one) <= latest(date)
        for one in asked
    )
