"""Whose names may be kept, and what must never become an entity, a name or a label.

A printed name is kept only for the holder of a public role, in the names graph. Children,
parents, carers, victims and other private people are never taken, whoever names them: a
name that the words around it tie to a private person is refused even when a title stands
beside it. The roles and the words are ``ontology/privacy.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from kg.extract.lexicon import load

_OF_FIELD = ("bodies", "posts", "event_kinds", "kinds", "frameworks", "relations")
_NAMELIKE = re.compile(r"\b(?=([A-Z][\w'’-]*[a-z]) ([A-Z][\w'’-]*[a-z])\b)")


class Rules(msgspec.Struct, frozen=True):
    """``ontology/privacy.yaml``."""

    roles: tuple[str, ...]
    private: tuple[str, ...]
    masked: tuple[str, ...]
    honorifics: tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    """A text that must not be in the graph, where it stands, and the rule that it breaks."""

    where: str
    text: str
    rule: str


@cache
def rules() -> Rules:
    """The allow-list of roles and the words that tell of private people."""
    return load("privacy", Rules)


def may_name(post: str) -> bool:
    """Whether the holder of a post holds a public role, so that a printed name may be kept."""
    return bool(_roles().search(post))


def is_private(before: str, name: str, after: str) -> bool:
    """Whether the words around a name tie it to a private person."""
    near = " ".join(f"{before[-60:]}⟨⟩{after[:60]}".split())
    return bool(_private().search(near) or _masked().search(name))


def without_names(phrase: str, known: Iterable[str] = ()) -> str:
    """A printed phrase as a value of its own, or nothing where it may name a private person.

    Two words in capitals that follow each other are taken for a name, unless both are words
    of the field or they stand in a known name (of a body or post); so is a surname after
    "Ms". What is lost can still be read in the quotation.

        >>> without_names("two of the four children's homes"), without_names("Ava Noone")
        ("two of the four children's homes", '')
    """
    rest = phrase
    for name in sorted(known, key=len, reverse=True):
        rest = rest.replace(name, " ")
    titled = re.search(rf"\b(?:{'|'.join(rules().honorifics)})\.? [A-Z]", rest)
    if titled or _masked().search(rest) or any(map(_is_name, _NAMELIKE.finditer(rest))):
        return ""
    return phrase


def _is_name(pair: re.Match[str]) -> bool:
    return not all(word.lower() in _field() for word in pair.groups())


@cache
def _field() -> frozenset[str]:
    """The words of the field: those by which posts, bodies and events are known."""
    texts = (files("ontology").joinpath(f"{name}.yaml").read_text("utf-8") for name in _OF_FIELD)
    return frozenset(word for text in texts for word in re.findall(r"[a-z'-]{3,}", text.lower()))


def leaks(texts: Iterable[tuple[str, str]]) -> Iterator[Leak]:
    """Labels and names, each with where it stands, that tell of a private person."""
    for where, text in texts:
        for rule, pattern in (("private", _label()), ("masked", _masked())):
            if pattern.search(text):
                yield Leak(where, text, rule)


@cache
def _roles() -> re.Pattern[str]:
    return re.compile("|".join(rules().roles), re.I)


@cache
def _private() -> re.Pattern[str]:
    people = "|".join(rules().private)
    before = rf"\b(?:{people})(?:'s \w+)?,? (?:\w+ )?⟨⟩"
    after = rf"⟨⟩(?:'s|,? (?:a|an|the|her|his|their)| \((?:the )?) ?(?:\w+'s )?(?:{people})\b"
    aged = r"⟨⟩[,(]? ?\(?(?:who (?:was|is) )?(?:aged? )?(?:just )?\d{1,2}\b|⟨⟩,? (?:\()?aged?\b"
    died = rf"⟨⟩,? (?:who )?(?:\w+ ){{0,4}}(?:{people})\b"
    return re.compile("|".join((before, after, aged, died)), re.I)


@cache
def _label() -> re.Pattern[str]:
    people = "|".join(rules().private)
    titles = "|".join(map(re.escape, rules().honorifics))
    return re.compile(rf"^(?:the |a )?(?:{people})(?:,? [A-Z]|$)|\b(?:{titles})\.? [A-Z][a-z]+")


@cache
def _masked() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(rules().masked)}) [A-Z0-9]{{1,2}}\b")
