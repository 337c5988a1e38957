"""Many phrases found in one pass over the words of a text.

A phrase is words in lower case; a final ``*`` matches any ending of a word and ``...``
stands for up to four words. Typographic marks do not matter: hyphens part words,
apostrophes join them.

    >>> index = Phrases({"weak": ("not ... enough", "delay*")})
    >>> [(hit.group, hit.start) for hit in index.find("Not quickly enough; delays remain.")]
    [('weak', 0), ('weak', 3)]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

_WORD = re.compile(r"[a-z0-9]+")
_GAP = "..."
_GAP_WORDS = 4
_KNOWN_WORDS = 50_000


class Hit(NamedTuple):
    """A phrase of a group, from the word numbered ``start`` to the one before ``end``."""

    group: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.lower().replace("’", "").replace("'", "").replace("‘", ""))


class Phrases:
    """Groups of phrases, indexed by their first word."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._whole: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        self._prefix: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for group, phrases in groups.items():
            for phrase in phrases:
                self._add(group, phrase)
        self._shortest = min(map(len, self._prefix), default=1)
        self._known: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}

    def find(self, text: str) -> list[Hit]:
        """Every phrase in the text; of one group at one word the longest only."""
        return self.in_words(words(text))

    def in_words(self, said: Sequence[str]) -> list[Hit]:
        """As :meth:`find`, in words already parted by :func:`words`."""
        best: dict[tuple[int, str], int] = {}
        for start, word in enumerate(said):
            for group, rest in self._beginning(word):
                end = _match(said, start + 1, rest)
                if end:
                    best[start, group] = max(end, best.get((start, group), 0))
        return [Hit(group, start, end) for (start, group), end in best.items()]

    def _add(self, group: str, phrase: str) -> None:
        first, *rest = _parts(phrase)
        index = self._prefix if first.endswith("*") else self._whole
        index[first.rstrip("*")].append((group, tuple(rest)))

    def _beginning(self, word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Group and rest of every phrase that may begin with a word; common words come often."""
        known = self._known.get(word)
        if known is None:
            sizes = range(self._shortest, len(word) + 1)
            prefixes = (self._prefix.get(word[:size], ()) for size in sizes)
            known = tuple(chain(self._whole.get(word, ()), *prefixes))
            if len(self._known) < _KNOWN_WORDS:
                self._known[word] = known
        return known


def _parts(phrase: str) -> list[str]:
    plain = phrase.lower().replace("’", "").replace("'", "").replace("-", " ")
    return [part for part in re.split(r"[^a-z0-9*.]+", plain) if part]


def _match(said: Sequence[str], at: int, rest: tuple[str, ...]) -> int:
    """Where the rest of a phrase ends when it begins at a word, or 0."""
    if not rest:
        return at
    if rest[0] == _GAP:
        tries = (_match(said, at + skip, rest[1:]) for skip in range(_GAP_WORDS + 1))
        return next((end for end in tries if end), 0)
    if at >= len(said) or not _same(said[at], rest[0]):
        return 0
    return _match(said, at + 1, rest[1:])


def _same(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
