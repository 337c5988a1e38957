"""What the resolver keeps of a finding: enough to compare it, and none of its document."""

from __future__ import annotations

import re
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

_WORD = re.compile(r"[a-z][a-z'’-]{2,}")


class Said(msgspec.Struct, frozen=True):
    """A claim at ``start`` to ``end`` of a document, about the event ``event`` of ``date``.

    ``id`` is the claim's id, ``event`` an event's id (empty until resolved), ``date`` EDTF.
    """

    id: str
    document: str
    start: int
    end: int
    event: str
    date: str


class Mention(Said, frozen=True, eq=False):
    """One finding about a problem: a weakness, or a later word on how it went.

    ``vector`` and ``shares`` are of :mod:`kg.resolve.issues.space`; ``named`` are themes that
    it calls by name, ``stems`` its words without endings.
    """

    polarity: str
    direction: str | None
    themes: tuple[str, ...]
    listed: bool
    quote: str
    vector: NDArray[np.float16]
    shares: NDArray[np.float16]
    named: frozenset[str]
    aspects: frozenset[str]
    stems: frozenset[str]


class Repeat(Said, frozen=True):
    """A document's own word that something was raised before, at the event ``event``.

    ``start`` and ``end`` bound the passage that it says it of; ``loaded`` is whether a
    document reports the earlier event.
    """

    loaded: bool = False

    def is_about(self, mention: Mention) -> bool:
        """Whether the finding stands in the passage."""
        overlap = self.start < mention.end and mention.start < self.end
        return self.document == mention.document and overlap


def stems(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, without their endings."""
    words = {word for word in _WORD.findall(text.lower()) if word not in stopwords()}
    return frozenset(_stemmer().stemWords(sorted(words)))


@cache
def stopwords() -> frozenset[str]:
    """English function words, and those of the genre that name no problem."""
    from spacy.lang.en.stop_words import STOP_WORDS

    genre = "child children young people local authority inspectors service services"
    return frozenset(STOP_WORDS) | frozenset(genre.split())


@cache
def _stemmer() -> Stemmer:
    return Stemmer("english")
