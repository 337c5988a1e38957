"""Which number of a sentence answers: the one beside what is counted, of the kind asked for.

"How many vacancies …" wants the number before "vacancies", "how much did it cost" a sum of
money, "what percentage" a share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from search.ask.content import in_words, numbers, signs
from search.ask.records import Reading
from search.words import STOPWORDS, Word, words

NEAR_AFTER, NEAR_BEFORE = 4, 3
"""Words between a number and what it counts, after it and before it, at most."""

ORDINAL_AFTER = 3
"""Words after an ordinal among which what it counts must stand."""

_COUNTED = re.compile(r"\b(?:how many|number of|total of|count of)\b(?: of)?", re.I)


class Counted(msgspec.Struct, frozen=True):
    """What a question wants counted: stems of the noun and its qualifiers, what those are said
    to have done, if anything of note, the noun as it is printed, and the kind."""

    nouns: tuple[str, ...] = ()
    verb: str = ""
    said: str = ""
    money: bool = False
    share: bool = False

    @property
    def empty(self) -> bool:
        """Whether the question says nothing of what its number is of."""
        return not (self.nouns or self.money or self.share)


@lru_cache(maxsize=1024)
def counted(question: str) -> Counted:
    """What a question wants counted."""
    sign = signs()
    match = _COUNTED.search(question)
    nouns, verb, said = _phrase(words(question[match.end() :])) if match else ([], "", "")
    share = not nouns and bool(sign["share"].search(question))
    return Counted(
        tuple(nouns[:4]),
        verb,
        said,
        money=not nouns and not share and bool(sign["money"].search(question)),
        share=share,
    )


def wanted(reading: Reading) -> Counted:
    """What a reading wants counted; the name of an authority is no part of it: "the number of
    homes Kelland runs"."""
    text = reading.mended
    spans = {
        (k.start, k.end) for k in reading.links if k.slot in ("authority", "elsewhere") and k.end
    }
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}the{text[end:]}"
    return counted(text)


def _phrase(after: Sequence[Word]) -> tuple[list[str], str, str]:
    """The stems of what is counted, that of the verb in the past that follows it, if any, and
    the last word of what is counted as printed."""
    nouns: list[str] = []
    before = ""
    for word in after:
        printed = word.printed.lower()
        if (not nouns and printed in DEFINITE) or printed == "s":  # "children's homes"
            continue
        if printed in STOPWORDS:
            break
        if signs()["acts"].fullmatch(printed):
            if not signs()["compounds"].fullmatch(f"{before} {printed}"):
                break
        elif printed.endswith("ed") and before.endswith(PLURAL):
            return nouns, word.stem, before
        nouns.append(word.stem)
        before = printed
    return nouns, "", before


DEFINITE = frozenset({"the", "its", "their", "these", "those"})
"""Words before what is counted that say nothing of it."""

PLURAL = ("s", "children", "people", "staff")
"""Endings of what is counted, after which a word in "-ed" says what it did."""


class Amount(msgspec.Struct, frozen=True, order=True):
    """A number that is of what is wanted, and how many words away that stands."""

    far: int
    start: int
    value: str


@lru_cache(maxsize=1024)
def amounts(text: str, wanted: Counted) -> tuple[Amount, ...]:
    """The numbers of a sentence that are of what is wanted, nearest first."""
    found = []
    every = (*numbers(text), *in_words(text))
    tokens = words(text) if every else ()
    for number in every:
        if not _of_kind(text, number.start, number.end, wanted):
            continue
        far = _distance(tokens, number.start, number.end, wanted.nouns)
        if number.worded and not _beside(tokens, number.end, far):
            continue
        if far is None and _said_of(text[number.end :], wanted.nouns):
            far = NEAR_AFTER
        if not wanted.nouns or far is not None:
            found.append(Amount(far or 0, number.start, number.value))
    return tuple(sorted([*found, *ordinals(text, wanted.nouns)]))


@lru_cache(maxsize=1024)
def ordinals(text: str, nouns: tuple[str, ...]) -> tuple[Amount, ...]:
    """A count that a sentence tells by its last: "the visit was the fourth visit since"."""
    if not nouns:
        return ()
    found = []
    for match in signs()["ordinal"].finditer(text):
        after = words(text[match.end() :])[:ORDINAL_AFTER]
        if any(word.stem == nouns[-1] for word in after):
            found.append(Amount(0, match.start(1), match[1].lower()))
    return tuple(found)


def possible(text: str, wanted: Counted) -> bool:
    """Whether a sentence has a number of the kind asked for: a share is no count."""
    return any(_of_kind(text, each.start, each.end, wanted) for each in numbers(text))


def _of_kind(text: str, start: int, end: int, wanted: Counted) -> bool:
    sign = signs()
    if wanted.money:
        return text[start : start + 1] == "£" or bool(sign["pounds"].match(text[end:]))
    if wanted.share:
        return bool(sign["percent"].match(text[end:]))
    return not sign["percent"].match(text[end:]) and not sign["per"].search(text[:start])


def _said_of(after: str, nouns: Sequence[str]) -> bool:
    """Whether those whom a number counts are said to have what is wanted, in all its words."""
    match = signs()["subjects"].match(after)
    said = [word.stem for word in words(after[match.end() :])][: len(nouns)] if match else []
    return bool(nouns) and said == list(nouns)


def _beside(tokens: Sequence[Word], end: int, far: int | None) -> bool:
    """Whether nothing but qualifiers stands between a number in words and what it counts."""
    between = [w for w in tokens if w.start >= end][: far or 0]
    return far is not None and far < NEAR_AFTER and not any(_apart(w) for w in between)


def _apart(word: Word) -> bool:
    """Whether a word parts a number from what it would count; a possessive "s" does not."""
    return word.printed.isdigit() or (word.is_stop and word.printed != "s")


def _distance(tokens: Sequence[Word], start: int, end: int, nouns: Sequence[str]) -> int | None:
    """Words between a number and the nearest of what is counted; None where it is too far."""
    after = [w for w in tokens if w.start >= end][:NEAR_AFTER]
    before = [w for w in tokens if w.end <= start][-NEAR_BEFORE:]
    far = [at for at, word in enumerate(after) if word.stem == (nouns or ("",))[-1]]
    far += [NEAR_AFTER + at for at, w in enumerate(reversed(before)) if w.stem in nouns]
    return min(far, default=None)
