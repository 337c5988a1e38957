"""The words of commitments, typed and compiled: ``ontology/commitment_cues.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from kg.extract.lexicon import load
from kg.extract.masked import Masked, Template


class Sentences(msgspec.Struct, frozen=True):
    """Wordings of commitments that are one sentence."""

    kind: str
    wordings: tuple[str, ...]
    of: str = "council"
    in_: tuple[str, ...] = msgspec.field(name="in", default=())

    def of_kind(self, document: str) -> bool:
        """Whether the words have this meaning in a kind of document."""
        return not self.in_ or document in self.in_

    def templates(self) -> tuple[Template, ...]:
        """The wordings compiled."""
        return _compiled(self.wordings)

    @staticmethod
    def matches(
        sentence: Masked, templates: Sequence[Template]
    ) -> Iterator[tuple[str | None, str | None, int]]:
        """Of whom, due when and from where each match is."""
        for template in templates:
            for match in template.find(sentence.text):
                yield _who(sentence, match), _slot(sentence, match, "due"), match[""][0]


class List_(msgspec.Struct, frozen=True):
    """Words of a block that opens a list of commitments."""

    kind: str
    opens: tuple[str, ...]
    of: str = "council"
    in_: tuple[str, ...] = msgspec.field(name="in", default=())

    def of_kind(self, document: str) -> bool:
        """Whether the words have this meaning in a kind of document."""
        return not self.in_ or document in self.in_


class Heading(msgspec.Struct, frozen=True):
    """A heading under which every item is a commitment."""

    kind: str
    opens: str
    of: str
    in_: tuple[str, ...] = msgspec.field(name="in", default=())


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


class Cues(msgspec.Struct, frozen=True):
    """``ontology/commitment_cues.yaml``."""

    lists: tuple[List_, ...]
    headings: tuple[Heading, ...]
    sentences: tuple[Sentences, ...]
    options: Options
    resolutions: Resolutions
    generic: tuple[str, ...]
    due: tuple[str, ...]
    not_: tuple[str, ...] = msgspec.field(name="not")

    def asked(self) -> tuple[Template, ...]:
        """Wordings that say whom a resolution asks."""
        return _compiled(self.resolutions.of)


@dataclass(frozen=True)
class Opening:
    """A block opens a list: of whom, and where the opening words begin."""

    of: str | None
    start: int


class Due:
    """Due dates in the words of a commitment."""

    @staticmethod
    def of(sentence: Masked) -> str | None:
        """The date that the words make a due date, or None."""
        match = _due_rule().search(sentence.text)
        entity = sentence.at(*match.span("date")) if match else None
        return entity.name.rpartition("/")[2] or None if entity else None


@cache
def cues() -> Cues:
    """The words of commitments."""
    return load("commitment_cues", Cues)


def opening(rule: List_, sentence: Masked) -> Opening | None:
    """How a sentence opens a list of that rule, or None."""
    for of, _, start in Sentences.matches(sentence, _compiled(rule.opens)):
        return Opening(of, start)
    return None


def heading_rules(document: str, text: str) -> Heading | None:
    """The rule of a heading under which every item is a commitment, or None."""
    for rule in cues().headings:
        if document in rule.in_ and re.match(rule.opens, text, re.I):
            return rule
    return None


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
