"""The words by which posts, bodies, events and commitments are known: typed YAML.

The files stand in ``ontology/`` and each explains itself in its first lines; a domain
expert extends them without touching code. Here they become compiled patterns, once.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

S = TypeVar("S")
_CAPITAL, _KEPT = "[A-Z]", "(?-i:[A-Z])"


class PostForm(msgspec.Struct, frozen=True):
    """A post with one title wherever it occurs; see ``ontology/posts.yaml``."""

    label: str
    of: str = ""
    forms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    national: bool = False
    class_: bool = msgspec.field(name="class", default=False)


class Rank(msgspec.Struct, frozen=True):
    """A rank that names a post together with a portfolio."""

    rank: str
    links: tuple[str, ...] = ("of", "for")
    bare: bool = False


class Head(msgspec.Struct, frozen=True):
    """The last word of a title in capitals."""

    head: str
    class_: bool = msgspec.field(name="class", default=False)


class Posts(msgspec.Struct, frozen=True):
    """``ontology/posts.yaml``."""

    modes: dict[str, tuple[str, ...]]
    tags: tuple[str, ...]
    posts: tuple[PostForm, ...]
    ranks: tuple[Rank, ...]
    heads: tuple[Head, ...]
    stops: frozenset[str]
    bodies: frozenset[str]
    portfolio: frozenset[str]


class NationalBody(msgspec.Struct, frozen=True):
    """A body known by name everywhere."""

    name: str
    type: str
    aliases: tuple[str, ...]


class LocalBody(msgspec.Struct, frozen=True):
    """A body that each authority has one of."""

    name: str
    type: str
    part_of: str = ""
    forms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True):
    """Names that end or begin in a telling word."""

    type: str
    ends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    alone: bool = False
    local: bool = False
    next: int = 4


class Bodies(msgspec.Struct, frozen=True):
    """``ontology/bodies.yaml``."""

    national: tuple[NationalBody, ...]
    local: tuple[LocalBody, ...]
    unnamed: tuple[LocalBody, ...]
    shapes: tuple[Shape, ...]
    joins: frozenset[str]
    not_after: frozenset[str]
    not_first: frozenset[str]
    not_names: frozenset[str]
    cut_after: frozenset[str]
    boilerplate: tuple[str, ...]


def load(name: str, kind: type[S]) -> S:
    """A file of ``ontology/`` as a typed record; whoever asks keeps it."""
    text = files("ontology").joinpath(f"{name}.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=kind)


@cache
def posts() -> Posts:
    """The posts and their aliases."""
    return load("posts", Posts)


@cache
def bodies() -> Bodies:
    """The bodies and their aliases."""
    return load("bodies", Bodies)


def pattern(forms: tuple[str, ...], exact: tuple[str, ...] = ()) -> re.Pattern[str]:
    """One pattern for forms in any case and forms that need the printed capitals."""
    parts = [f"(?i:{form.replace(_CAPITAL, _KEPT)})" for form in forms]
    parts += [f"(?:{form})" for form in exact]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])")
