"""The rules of ``ontology/disagreements.yaml``, typed and compiled."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from kg.extract.lexicon import load


class Rule(msgspec.Struct, frozen=True):
    """A question, and the reason given when it has two answers."""

    question: str
    reason: str


class Once(Rule, frozen=True, kw_only=True):
    """Kinds of events that do not come twice within some days."""

    kinds: tuple[str, ...]
    days: int
    later: str = "(?!)"
    same_label: bool = False


class Worded(Rule, frozen=True, kw_only=True):
    """A statement known by its words, and the days that two of its dates may be apart."""

    wording: str
    days: int = 0


class First(Rule, frozen=True, kw_only=True):
    """Kinds of instruments and the words that call one the first."""

    kinds: tuple[str, ...]
    called: str


class Under(Rule, frozen=True, kw_only=True):
    """A post that an instrument fills."""

    post: str
    kinds: tuple[str, ...]
    days: int


class Spaced(Rule, frozen=True, kw_only=True):
    """A rule with a greatest distance in days."""

    days: int


class Ends(Spaced, frozen=True, kw_only=True):
    """Words for ways of leaving: only two ends told in the same way are compared."""

    wordings: tuple[str, ...]


class AfterEnd(Spaced, frozen=True, kw_only=True):
    """Modes in which a post is not held again after its end."""

    modes: tuple[str, ...]


class Modes(Rule, frozen=True, kw_only=True):
    """Modes that exclude each other, and words that make a mention one of the past."""

    pairs: tuple[tuple[str, str], ...]
    past: str


class Ranks(Rule, frozen=True, kw_only=True):
    """Ranks that documents take for each other."""

    ranks: tuple[str, ...]


class TenureRules(msgspec.Struct, frozen=True):
    """What tenures of one post may not say."""

    start: Worded
    twice: Worded
    end: Ends
    after_end: AfterEnd
    due: Worded
    mode: Modes
    rank: Ranks
    more_starts: tuple[str, ...]


class Vacancies(Rule, frozen=True, kw_only=True):
    """Names of the columns whose difference is the number of vacancies."""

    stated: str
    listed: str
    posts: str
    filled: str
    at_event: str


class FigureRules(msgspec.Struct, frozen=True):
    """Figures of sentences against figures of tables."""

    days: int
    tolerance: float
    vacancies: Vacancies
    measure: Rule


class Position(Rule, frozen=True, kw_only=True):
    """Words of a preference, and where its object stands in the sentence."""

    wording: str
    object: str


class Trends(Rule, frozen=True, kw_only=True):
    """Themes too wide for better and worse to exclude each other."""

    too_wide: frozenset[str]


class Rules(msgspec.Struct, frozen=True):
    """The whole file."""

    once: tuple[Once, ...]
    stated: tuple[Worded, ...]
    first: tuple[First, ...]
    under: tuple[Under, ...]
    tenures: TenureRules
    chairs: Spaced
    grades: Rule
    figures: FigureRules
    positions: tuple[Position, ...]
    trends: Trends


@cache
def rules() -> Rules:
    """The rules, read once."""
    return load("disagreements", Rules)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A wording of the rules; a blank is any white space."""
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)
