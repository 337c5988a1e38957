"""The words of ``ontology/lexicon.yaml`` and ``ontology/themes_words.yaml``, ready to find."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from kg.extract.findings.phrases import Phrases
from ontology.themes import theme_labels

T = TypeVar("T")


class ThemeWords(msgspec.Struct, frozen=True):
    """The words of one theme: what it is called, and what only hints at it."""

    labels: tuple[str, ...]
    cues: tuple[str, ...]


@cache
def groups() -> tuple[str, ...]:
    """The names of the groups of evaluative words, in the file's order."""
    return tuple(_lexicon())


@cache
def evaluative() -> Phrases:
    """Evaluative words by group."""
    return Phrases(_lexicon())


@cache
def themes() -> tuple[str, ...]:
    """Ids of all themes, in the order of the published scheme."""
    return tuple(theme_labels())


@cache
def theme_labels_index() -> Phrases:
    """What themes are called, by theme."""
    return Phrases({theme: words.labels for theme, words in theme_words().items()})


@cache
def theme_cues_index() -> Phrases:
    """What hints at themes, by theme."""
    return Phrases({theme: words.cues for theme, words in theme_words().items()})


@cache
def theme_words() -> dict[str, ThemeWords]:
    """The words of every theme."""
    return load("themes_words.yaml", dict[str, ThemeWords])


def load(name: str, kind: type[T]) -> T:
    """A YAML file of ``ontology/`` as a typed record."""
    return msgspec.yaml.decode(files("ontology").joinpath(name).read_bytes(), type=kind)


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    return load("lexicon.yaml", dict[str, tuple[str, ...]])
