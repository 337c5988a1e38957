"""The words by which figures are known: ``ontology/figures.yaml``, typed and compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec


class FigureWords(msgspec.Struct, frozen=True):
    """See ``ontology/figures.yaml`` for what each list means."""

    labels: tuple[str, ...]
    ages_before: tuple[str, ...]
    ages_after: tuple[str, ...]
    fractions: dict[str, str]
    scales: dict[str, int]
    measure_ends: frozenset[str]
    durations: frozenset[str]
    loose: frozenset[str]
    verbs: tuple[str, ...]
    unnamed: dict[str, str]
    change: dict[str, tuple[str, ...]]
    private: tuple[str, ...]
    tolerance: float


@cache
def words() -> FigureWords:
    """The file, read once."""
    text = (files("ontology") / "figures.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=FigureWords)


def any_of(terms: Iterable[str]) -> str:
    """A regular expression that matches any of the terms, longest first."""
    return "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
