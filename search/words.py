"""Words as the term index sees them: case folded, stemmed, each with its place.

>>> [word.stem for word in words("Children’s plans were late")]
['children', 'plan', 'were', 'late']
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’](?!s\b)[^\W_]+)*")
_STEMMER = threading.local()

_STOPWORDS = """
a about all also am an and any are as at be because been being but by can could did do does
doing for from had has have having he her here him his how i if in into is it its itself
just me more most my no nor not of on only or other our out own s same she should so some
such t than that the their them then there these they this those through to too up very was
we were what when where which while who whom why will with would you your
"""
STOPWORDS = frozenset(_STOPWORDS.split())
"""Words that carry no topic; they are kept in phrases and left out of the index."""


class Word(NamedTuple):
    """One word of a text: as printed, its stem, and its place in characters."""

    printed: str
    stem: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether the word carries no topic."""
        return self.printed.lower() in STOPWORDS


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order; a possessive ending is not part of a word."""
    return tuple(
        Word(match.group(), stem(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def stems(text: str) -> tuple[str, ...]:
    """The stems of all words, stop words included: how phrases are compared."""
    return tuple(word.stem for word in words(text))


def plain(text: str) -> str:
    """The text on one line, without the marks of bullets."""
    return re.sub(r"[\s\uf000-\uf0ff•◼▪●]+", " ", text).strip()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The English Snowball stem of one word."""
    folded = word.lower().replace("’", "'")
    if not hasattr(_STEMMER, "english"):  # the stemmer must not be shared between threads
        _STEMMER.english = Stemmer.Stemmer("english")
    return str(_STEMMER.english.stemWord(folded))


def content_stems(items: Iterable[Word]) -> list[str]:
    """The stems that carry a topic."""
    return [word.stem for word in items if not word.is_stop]
