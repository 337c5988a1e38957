"""Kinds of documents and frameworks of inspection, read from ``ontology/``.

``kinds.yaml`` and ``frameworks.yaml`` explain themselves in their first lines. Here they
become typed records and compiled patterns, once.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from kg.model import DocumentKind

S = TypeVar("S")


class Publisher(msgspec.Struct, frozen=True):
    """Who publishes a kind of document and which words tell it."""

    name: str
    stated: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()


class Cue(msgspec.Struct, frozen=True):
    """Words that tell a kind: exactly one of head, tail and any is set."""

    weight: int
    head: str = ""
    tail: str = ""
    any: str = ""


class KindOfDocument(msgspec.Struct, frozen=True):
    """One kind of document; see ``ontology/kinds.yaml``."""

    id: DocumentKind
    label: str
    event: str
    publisher: Publisher
    date: str
    titles: tuple[str, ...]
    cues: tuple[Cue, ...]


class Labelled(msgspec.Struct, frozen=True):
    """A concept of a scheme and the label that people read."""

    id: str
    label: str


class Kinds(msgspec.Struct, frozen=True):
    """``ontology/kinds.yaml``."""

    enough: int
    documents: tuple[KindOfDocument, ...]
    post_words: frozenset[str]
    not_names: frozenset[str]
    addresses: tuple[str, ...]
    events: tuple[Labelled, ...]

    def of(self, kind: DocumentKind) -> KindOfDocument | None:
        """The record of a kind; None for ``other``."""
        return next((each for each in self.documents if each.id == kind), None)


class Grade(msgspec.Struct, frozen=True):
    """One grade of the ordered scale, 1 the best; no order when it is not a grade."""

    id: str
    label: str
    order: int | None
    printed: tuple[str, ...]


class Domain(msgspec.Struct, frozen=True):
    """What a judgement grades; ``service`` is the framework of one that is judged alone."""

    id: str
    label: str
    said: tuple[str, ...] = ()
    service: str = ""


class Length(msgspec.Struct, frozen=True):
    """A kind of inspection by the days on site."""

    name: str
    up_to: int


class Framework(msgspec.Struct, frozen=True):
    """One inspection framework with what it grades; see ``ontology/frameworks.yaml``."""

    id: str
    label: str
    report: str
    from_: str = msgspec.field(name="from")
    until: str | None
    body: str
    title: tuple[str, ...]
    grades: tuple[str, ...]
    domains: dict[str, tuple[str, ...]]
    event: str = "inspection"
    numbered: bool = False
    overall: tuple[str, ...] = ()
    lscb: tuple[str, ...] = ()

    def gives(self, grade: str | None) -> bool:
        """Whether its scale has the grade; to give none on purpose is on every scale."""
        return grade in (None, "not-judged") or grade in self.grades


class Frameworks(msgspec.Struct, frozen=True):
    """``ontology/frameworks.yaml``."""

    grades: tuple[Grade, ...]
    lengths: tuple[Length, ...]
    domains: tuple[Domain, ...]
    frameworks: tuple[Framework, ...]

    def of(self, framework: str) -> Framework | None:
        """The framework of that concept id, if there is one."""
        return next((each for each in self.frameworks if each.id == framework), None)


@cache
def grade_words() -> str:
    """A pattern (no groups) for every printed grade, the longest form first."""
    printed = {form(words).pattern for grade in frameworks().grades for words in grade.printed}
    return "(?:" + "|".join(sorted(printed, key=len, reverse=True)) + r")(?![\w-])"


@cache
def grade_of(printed: str) -> str | None:
    """The grade's id for printed words ("Requires Improvement to be good")."""
    words = " ".join(printed.split())
    for grade in frameworks().grades:
        if any(form(each).fullmatch(words) for each in grade.printed):
            return grade.id
    return None


@cache
def graded(sentence: str) -> re.Pattern[str]:
    """A sentence with ``{grade}`` as a pattern; the grade is the group ``grade``."""
    whole = form(sentence.replace("{grade}", "GRADE")).pattern
    return re.compile(whole.replace("GRADE", f"(?P<grade>{grade_words()})"), re.I | re.M)


@cache
def kinds() -> Kinds:
    """Kinds of documents and events."""
    return _load("kinds.yaml", Kinds)


@cache
def frameworks() -> Frameworks:
    """Inspection frameworks, domains and grades."""
    return _load("frameworks.yaml", Frameworks)


@cache
def form(written: str) -> re.Pattern[str]:
    """A form of the files as a pattern: blanks, apostrophes and line starts made lenient."""
    lenient = written.replace(" ?", r"[^\S\n]*").replace(" ", r"\s+").replace("'", "['’‘ʼ]")
    if lenient.startswith("^"):
        lenient = r"^[^\S\n]*[#*>_|]*[^\S\n]*(?:" + lenient[1:] + ")"
    return re.compile(lenient, re.IGNORECASE | re.MULTILINE)


@cache
def any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for several forms."""
    return re.compile("|".join(f"(?:{form(each).pattern})" for each in forms), re.I | re.M)


def _load(name: str, kind: type[S]) -> S:
    return msgspec.yaml.decode(files("ontology").joinpath(name).read_bytes(), type=kind)
