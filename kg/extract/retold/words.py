"""The words in which grades are retold: ``ontology/retold.yaml``, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from kg.extract.lexicon import load
from kg.kinds import grade_of, grade_words

_LEADING = r"(?P<what>[^;:]*?)"
_INNER = r"(?P<what>(?:[^.;:()]|\([^()]*\)){2,110}?)"
_BY = (
    r"by (?:the |its |our |an? )?"
    r"(?:(?-i:[A-Z])[\w'-]*(?: (?-i:[A-Z])[\w'-]*){0,3}|inspectors|auditors)"
)
LONGEST = 400
"""Characters before a grade in which the words that tell it must stand."""


class Wording(msgspec.Struct, frozen=True):
    """One way of telling a grade; ``plain`` ones need an inspection in the sentence."""

    words: str
    plain: bool = False


class Words(msgspec.Struct, frozen=True):
    """``ontology/retold.yaml``."""

    grades: dict[str, tuple[str, ...]]
    wordings: tuple[Wording, ...]
    not_after: str
    not_before: str
    not_when: str
    others: str
    elsewhere: str
    whole: str
    again: str
    aside: str
    now: str
    same_event: str
    ungraded: tuple[str, ...]
    ungraded_events: dict[str, str]


@dataclass(frozen=True)
class Telling:
    """A wording that ends at a grade; ``active`` when what was graded follows the verb."""

    rule: re.Pattern[str]
    plain: bool
    active: bool


@cache
def words() -> Words:
    """The words of the file."""
    return load("retold", Words)


@cache
def rule(name: str) -> re.Pattern[str]:
    """One of the file's plain patterns."""
    return re.compile(getattr(words(), name), re.I)


@cache
def tellings() -> tuple[Telling, ...]:
    """The wordings, each to be matched up to the end of a grade."""
    return tuple(_telling(wording) for wording in words().wordings)


def _telling(wording: Wording) -> Telling:
    leading = wording.words.startswith("{what}")
    text = wording.words.replace("{what}", _LEADING if leading else _INNER)
    text = text.replace("{by}", _BY).replace("{again}", f"(?P<what>{words().again})")
    text = text.replace("{grade}", f"['\"]?(?:{_grades()})")
    return Telling(re.compile(rf"{text}$", re.I), wording.plain, not leading)


@cache
def grades() -> re.Pattern[str]:
    """Any printed grade, the bent forms of running text included."""
    return re.compile(rf"(?<![\w-])(?:{_grades()})", re.I)


@cache
def ungraded() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """For each kind of event that may be ungraded, the words that say so."""
    return tuple(
        (kind, re.compile("|".join(words().ungraded).replace("{event}", f"(?:{name})"), re.I))
        for kind, name in words().ungraded_events.items()
    )


@cache
def ungraded_event(kind: str) -> re.Pattern[str]:
    """The names of an event that may be ungraded."""
    return re.compile(rf"\b(?:{words().ungraded_events[kind]})", re.I)


def grade_said(printed: str) -> str | None:
    """The grade's id for words of running text."""
    plain = printed.strip("'\"")
    bent = (grade for grade, forms in words().grades.items() if plain.lower() in forms)
    return grade_of(plain) or next(bent, None)


@cache
def _grades() -> str:
    bent = "|".join(form for forms in words().grades.values() for form in forms)
    return rf"{grade_words()}|(?:{bent})(?![\w-])"
