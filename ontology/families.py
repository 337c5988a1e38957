"""Families of event kinds, from ``families.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class Family(msgspec.Struct, frozen=True):
    """Kinds that one general word covers."""

    id: str
    kinds: tuple[str, ...]


class Families(msgspec.Struct, frozen=True):
    """``ontology/families.yaml``."""

    families: tuple[Family, ...]
    labelled: frozenset[str]


@cache
def _families() -> Families:
    text = files("ontology").joinpath("families.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=Families)


@cache
def family(kind: str) -> str:
    """The family of an event kind: the kind itself when it stands alone."""
    return next((each.id for each in _families().families if kind in each.kinds), kind)


def is_inspection(kind: str) -> bool:
    """Whether an event kind is one of the inspectorates' own."""
    return family(kind) == "inspection"


def is_labelled(kind: str) -> bool:
    """Whether events of a kind are told apart by their labels."""
    return kind in _families().labelled
