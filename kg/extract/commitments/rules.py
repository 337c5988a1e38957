"""The words of commitments, typed and compiled: ``ontology/commitment_cues.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from kg.extract.lexicon import load
from kg.extract.masked import Masked, Template


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What rules share: the kind, of whom by default, and in which documents they hold."""

    kind: str
    of: str = "council"
    in_: tuple[str, ...] = msgspec.field(name="in", default=())

    def holds_in(self, document: str) -> bool:
        """Whether the words have this meaning in a kind of document."""
        return not self.in_ or document in self.in_


class SentenceRule(Rule, frozen=True, kw_only=True):
    """Wordings of commitments that are one sentence."""

    wordings: tuple[str, ...]

    def templates(self) -> tuple[Template, ...]:
        """The wordings compiled."""
        return _compiled(self.wordings)


class ListRule(Rule, frozen=True, kw_only=True):
    """Words of a block that opens a list of commitments."""

    opens: tuple[str, ...]


class HeadingRule(Rule, frozen=True, kw_only=True):
    """A heading under which every item is a commitment."""

    opens: str


class Options(msgspec.Struct, frozen=True):
    """How an option is headed, and its parts."""

    heading: str
    benefit: str
    risk: str
    closes: str


class Resolutions(msgspec.Struct, frozen=True):
    """How minutes print what was resolved."""

    opens: str
    sentences: tuple[str, ...]
    action: str
    of: tuple[str, ...]
    ends: str


class LogHeads(msgspec.Struct, frozen=True):
    """How the columns of a log of actions are headed."""

    action: str
    owner: str
    due: str


class Cues(msgspec.Struct, frozen=True):
    """``ontology/commitment_cues.yaml``."""

    lists: tuple[ListRule, ...]
    headings: tuple[HeadingRule, ...]
    sentences: tuple[SentenceRule, ...]
    options: Options
    resolutions: Resolutions
    log: LogHeads
    due: tuple[str, ...]
    not_: tuple[str, ...] = msgspec.field(name="not")

    def asked(self) -> tuple[Template, ...]:
        """Wordings that say whom a resolution asks."""
        return _compiled(self.resolutions.of)


@dataclass(frozen=True)
class Match:
    """What a wording says: of whom, and by when."""

    of: str | None
    due: str | None


def due_of(sentence: Masked) -> str | None:
    """The date that the words of a sentence make a due date, or None."""
    match = _due_rule().search(sentence.text)
    entity = sentence.at(*match.span("date")) if match else None
    return entity.name.rpartition("/")[2] or None if entity else None


def matches(sentence: Masked, templates: Sequence[Template]) -> Iterator[Match]:
    """What the wordings that a sentence has say."""
    for template in templates:
        for slots in template.find(sentence.text):
            yield Match(_who(sentence, slots), _slot(sentence, slots, "due"))


@cache
def cues() -> Cues:
    """The words of commitments."""
    return load("commitment_cues", Cues)


def opening(rule: ListRule, sentence: Masked) -> Match | None:
    """How a sentence opens a list of that rule, or None."""
    return next(matches(sentence, _compiled(rule.opens)), None)


def heading_of(document: str, text: str) -> HeadingRule | None:
    """The rule of a heading under which every item is a commitment, or None."""
    rules = (rule for rule in cues().headings if rule.holds_in(document) and len(text) < 80)
    return next((rule for rule in rules if re.match(rule.opens, text, re.I)), None)


def _who(sentence: Masked, match: dict[str, tuple[int, int]]) -> str | None:
    if "of" not in match:
        return None
    entity = sentence.at(*match["of"])
    return entity.name if entity else sentence.text[slice(*match["of"])].strip()


def _slot(sentence: Masked, match: dict[str, tuple[int, int]], name: str) -> str | None:
    entity = sentence.at(*match[name]) if name in match else None
    return entity.name if entity else None


@cache
def _compiled(wordings: tuple[str, ...]) -> tuple[Template, ...]:
    return tuple(Template(wording) for wording in wordings)


@cache
def _due_rule() -> re.Pattern[str]:
    words = "|".join(cues().due)
    return re.compile(rf"\b(?:{words}) (?:the (?:end of |beginning of )?)?(?P<date><D\d+>)", re.I)
