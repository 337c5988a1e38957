"""What fails in a thing: the aspects of ``ontology/aspects.yaml``, found by their words."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec


class Aspect(msgspec.Struct, frozen=True):
    """One way to fail: a label in plain words and the expressions that tell of it."""

    label: str
    words: tuple[str, ...]


@cache
def aspects() -> dict[str, Aspect]:
    """The aspects by id, in the order of the file."""
    text = (files("ontology") / "aspects.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, Aspect])


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"\b(?:{'|'.join(map(_expression, aspect.words))})\b")
        for name, aspect in aspects().items()
    }


def _expression(word: str) -> str:
    return word[:-1] + r"\w*" if word.endswith("*") and not word.endswith(r"\w*") else word


def find(text: str) -> frozenset[str]:
    """The ids of the aspects that a text tells of."""
    plain = text.lower().replace("’", "'")
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(plain))
