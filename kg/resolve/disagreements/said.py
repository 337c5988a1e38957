"""What is kept of a document for comparing: sentences of a few claims, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from kg import gazetteer
from kg.edtf import earliest, latest
from kg.model import Claim, Record
from kg.resolve.entities import Disagreement, Side
from kg.resolve.events import overlap
from kg.resolve.keys import authority_of
from kg.sentences import sentences
from ontology.iris import digest

T = TypeVar("T")
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class Said:
    """A sentence, or as much of it as its claim needs, and where it stands."""

    document: str
    start: int
    end: int
    text: str
    authority: str | None

    def side(self, value: str) -> Side:
        """This as one side of a disagreement."""
        return Side(self.document, self.start, self.end, value)

    @property
    def place(self) -> str:
        """Within what statements are compared: the authority, else the document alone."""
        return self.authority or self.document

    @property
    def words(self) -> frozenset[str]:
        """The words by which two sentences are alike."""
        return frozenset(_WORD.findall(self.text.lower()))


class Page:
    """One document while its statements are taken down."""

    def __init__(self, record: Record) -> None:
        self.record, self.document = record, record.document
        self.authority = authority_of(record.document)
        self.sentences = sentences(record.document)
        self._starts = [sentence.start for sentence in self.sentences]

    def said(self, start: int, end: int) -> Said:
        """The sentences that hold a span; the span alone where it is longer than they are."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        for sentence in self.sentences[first : first + 1]:
            if sentence.start <= start < sentence.end:
                start, end = sentence.start, max(end, sentence.end)
        return self.exactly(start, end)

    def exactly(self, start: int, end: int) -> Said:
        """A span as it is."""
        text = " ".join(self.document.text[start:end].split())
        return Said(self.document.id, start, end, text, self.authority)

    def claims(self, kind: type[T]) -> Iterator[T]:
        """The document's claims of one type."""
        return (claim for claim in self.record.claims if isinstance(claim, kind))

    def words(self, claim: Claim) -> str:
        """The words of a claim."""
        return " ".join(self.document.text[claim.start : claim.end].split())


@dataclass(frozen=True)
class Answer:
    """A dated or otherwise valued statement that answers a question."""

    said: Said
    value: str


def disagreement(
    kind: str, template: tuple[str, str], one: Answer, other: Answer, **words: str
) -> Disagreement:
    """A disagreement of two answers; the question and the reason are filled from templates."""
    sides = (one.said.side(one.value), other.said.side(other.value))
    where = one.said.authority or other.said.authority
    known = gazetteer.authorities().get(where or "")
    words = {"where": known.name if known else where or "the area", **words}
    question, reason = (
        " ".join(text.format(one=one.value, other=other.value, **words).split())
        for text in template
    )
    key = digest(kind, *(f"{s.document}/{s.start}-{s.end}={s.value}" for s in sides))
    ident = f"disagreement/{where or 'unplaced'}/{kind}-{key}"
    return Disagreement(ident, kind, question, sides, reason, where)


def opposed(
    answers: Iterable[Answer], days: int | None = None, same: Callable[[str, str], bool] = overlap
) -> Iterator[tuple[Answer, Answer]]:
    """Pairs of answers that exclude each other: each other value against the most given one.

    Of the statements of two values the two are taken that are most alike and most precise,
    best within one document. ``days`` is the most that may lie between two dates of one thing.
    """
    groups = _grouped(list(answers), same)
    for main, group in ((groups[0], group) for group in groups[1:]):
        pair = max(((a, b) for a in main for b in group), key=_likeness)
        near = days is None or apart(pair[0].value, pair[1].value) <= days
        if near and not same(pair[0].value, pair[1].value):
            yield pair


def _grouped(answers: list[Answer], same: Callable[[str, str], bool]) -> list[list[Answer]]:
    """Answers by value, the most given first; a vague value joins the first that it fits."""
    groups: list[list[Answer]] = []
    for answer in sorted(answers, key=lambda a: (-len(a.value), a.said.document, a.said.start)):
        fitting = [g for g in groups if all(same(answer.value, other.value) for other in g)]
        if fitting:
            fitting[0].append(answer)
        else:
            groups.append([answer])
    return sorted(groups, key=len, reverse=True)


def _likeness(pair: tuple[Answer, Answer]) -> tuple[float, str]:
    one, other = pair[0].said, pair[1].said
    shared = len(one.words & other.words) / (len(one.words | other.words) or 1)
    precise = 0.02 * (len(pair[0].value) + len(pair[1].value))
    together = 0.2 * (one.document == other.document)
    return shared + together + precise, f"{other.document}/{-other.start:09}"


def apart(one: str, other: str) -> int:
    """Days between the nearest days of two dates; 0 when they share one."""
    gaps = [_days(latest(a), earliest(b)) for a, b in ((one, other), (other, one))]
    return max(0, *gaps)


def _days(first: str, last: str) -> int:
    """Days from one day to another; none where a date is open."""
    if not first or not last:
        return 0
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def neighbours(answers: Iterable[Answer]) -> Iterator[tuple[Answer, Answer]]:
    """Answers of one date and of the next, in order of the dates, the two most alike."""
    groups = sorted(_grouped(list(answers), overlap), key=lambda group: earliest(group[0].value))
    for first, later in pairwise(groups):
        yield max(((a, b) for a in first for b in later), key=_likeness)
