"""Where a sentence stands: under which headings, after what, in which kind of section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import msgspec

from kg.extract.context import Context
from kg.extract.findings.lexicon import load
from kg.model import BlockKind, Direction, Document, Sentence

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "‑": "-"})


class SectionWords(msgspec.Struct, frozen=True):
    """A kind of section and the headings that open it."""

    kind: str
    heading: str


class AssertorWords(msgspec.Struct, frozen=True):
    """Who asserts, and the words that tell."""

    kind: str
    words: str


class DirectionWords(msgspec.Struct, frozen=True):
    """A direction of travel and the words that tell."""

    direction: Direction
    words: str


class Layout(msgspec.Struct, frozen=True):
    """``ontology/findings.yaml``."""

    sections: tuple[SectionWords, ...]
    boilerplate: tuple[str, ...]
    anaphora: str
    assertors: tuple[AssertorWords, ...]
    assertor_by_kind: dict[str, str]
    directions: tuple[DirectionWords, ...]
    since: str


@dataclass(frozen=True)
class Place:
    """A sentence with what stands around it; texts are on one line.

    ``previous`` is the sentence before it in the same section, ``headings`` the path from
    the outermost, ``section`` the kind of section or empty.
    """

    sentence: Sentence
    text: str
    previous: str
    headings: tuple[str, ...]
    kind: BlockKind
    section: str

    @property
    def heading(self) -> str:
        """The nearest heading."""
        return self.headings[-1] if self.headings else ""


def places(document: Document, context: Context) -> tuple[Place, ...]:
    """Every sentence of a document in order."""
    return tuple(_places(document, context))


@cache
def layout() -> Layout:
    """How the genre lays findings out."""
    return load("findings.yaml", Layout)


@lru_cache(maxsize=1024)
def section_of(headings: tuple[str, ...]) -> str:
    """The kind of the nearest heading that tells one."""
    for heading in map(plain, reversed(headings)):
        for kind, pattern in _sections():
            if pattern.search(heading):
                return kind
    return ""


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single blanks: what patterns are written for."""
    return " ".join(text.translate(_STRAIGHT).lower().split())


@cache
def anaphora() -> re.Pattern[str]:
    """Openings of a sentence that speaks of what the one before it named."""
    return re.compile(layout().anaphora)


@cache
def _sections() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((each.kind, re.compile(each.heading)) for each in layout().sections)


def _places(document: Document, context: Context) -> Iterator[Place]:
    paths = _paths(document)
    previous = ""
    before: tuple[str, ...] = ()
    for sentence in context.sentences:
        path = paths[sentence.block]
        text = " ".join(document.quote(sentence.start, sentence.end).split())
        yield Place(
            sentence,
            text,
            previous if path == before else "",
            path,
            document.blocks[sentence.block].kind,
            section_of(path),
        )
        previous, before = text, path


def _paths(document: Document) -> list[tuple[str, ...]]:
    """The headings above every block."""
    stack: list[tuple[int, str]] = []
    paths = []
    for block in document.blocks:
        if block.kind == "heading":
            words = " ".join(document.quote(block.start, block.end).split())
            stack = [*(each for each in stack if each[0] < block.level), (block.level, words)]
        paths.append(tuple(words for _, words in stack))
    return paths
