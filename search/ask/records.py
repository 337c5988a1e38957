"""What a question becomes on its way to an answer: its reading, evidence, answer."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from search.search import DocumentRef

Asks = Literal[
    "person", "date", "grade", "number", "body", "yes-no", "cause", "definition", "list", "passage"
]
"""What kind of thing would answer: a role holder, a date, a grade …; ``passage`` for words."""

Refusal = Literal[
    "outside-period",
    "outside-places",
    "not-loaded",
    "unnamed",
    "private",
    "ambiguous",
    "not-recorded",
    "weak",
    "empty",
]
"""Why there is no answer; see ``refusals.yaml`` for what is said."""


class Link(msgspec.Struct, frozen=True):
    """Words of the question that mean something known: ``text[start:end]`` means ``value``.

    ``slot`` is the kind of thing (``event``, ``post``, ``theme``); ``value`` its IRI or code.
    """

    slot: str
    value: str
    label: str
    start: int
    end: int


class Reading(msgspec.Struct, frozen=True):
    """How a question was understood; every part is shown to whoever asked.

    ``dates`` are EDTF; ``topic`` is what is left to search for once frame, dates and
    documents are taken out; ``documents`` are ids of those that the question points to.
    """

    question: str
    mended: str
    asks: Asks
    topic: str
    links: tuple[Link, ...] = ()
    dates: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    cues: frozenset[str] = frozenset()
    corrected: tuple[tuple[str, str], ...] = ()

    def all(self, slot: str) -> tuple[str, ...]:
        """The values linked for a slot, first named first."""
        return tuple(dict.fromkeys(link.value for link in self.links if link.slot == slot))

    def has(self, cue: str) -> bool:
        """Whether words of the question give a cue, such as ``change`` or ``lowest``."""
        return cue in self.cues


class Choice(msgspec.Struct, frozen=True):
    """What whoever asks has set in the reading: the form (or ``passages`` for none), the
    values of some slots (none of them empties the slot), and the topic."""

    form: str | None = None
    slots: dict[str, tuple[str, ...]] = {}
    topic: str | None = None


class Citation(msgspec.Struct, frozen=True):
    """Words that support an answer, and where they stand in the stored text."""

    document: DocumentRef
    passage: str | None
    quote: str
    start: int
    end: int


class ModelUse(msgspec.Struct, frozen=True):
    """What a language model did for an answer: the form that it chose, whether the words are
    its own, how many of its sentences no citation supported, and what went wrong."""

    name: str
    chose: str | None = None
    worded: bool = False
    dropped: int = 0
    note: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The answer to a question; the first eight fields are the public contract. ``model`` is
    absent where no language model had a part in it; of the citations, the first ``supporting``
    bear what is said and those after them are near it."""

    question: str
    answered: bool
    answer: str
    values: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    sparql: str | None
    citations: tuple[Citation, ...]
    reason: str | None
    form: str | None = None
    refusal: Refusal | None = None
    confidence: float = 0.0
    reading: Reading | None = None
    model: ModelUse | None = None
    supporting: int = 0
