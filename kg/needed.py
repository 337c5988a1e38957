"""Patterns that are tried only on texts in which they can match.

Hundreds of wordings are asked of every sentence, and nearly all of them need words that the
sentence does not have. Which literals every match of a pattern must contain is read from the
pattern itself, and looking for those is hundreds of times as fast as trying it.

    >>> rule = Rule(re.compile(r"\\b(?:chairs?|leads) the <O[0-9]+>", re.I))
    >>> [*rule.finditer("Nobody speaks of it.")]
    []
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Choice = frozenset[str]
"""Literals of which a text must contain one, in lower case."""

_LEAST_LETTERS = 2
_MOST_LITERALS = 48
_MOST_CHOICES = 3
_WIDEST_CLASS = 4
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})


class Rule:
    """A compiled pattern that knows which literals a text needs for it to match.

    Answers are those of the pattern. Texts beyond ASCII are always tried, because letters
    of other alphabets may be equal to ASCII ones when case is ignored.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._needs = needs(pattern)

    def may_match(self, text: str) -> bool:
        """False where the pattern surely does not match."""
        low = _lowered(text)
        if low is None:
            return True
        for choice in self._needs:
            for literal in choice:
                if literal in low:
                    break
            else:
                return False
        return True

    def search(self, text: str) -> re.Match[str] | None:
        """As of the pattern."""
        return self.pattern.search(text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As of the pattern."""
        return self.pattern.fullmatch(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """As of the pattern."""
        return self.pattern.finditer(text) if self.may_match(text) else ()


def needs(pattern: re.Pattern[str]) -> tuple[Choice, ...]:
    """What every match contains: of each choice at least one literal; the rarest first."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    found = {choice for choice in _choices(parsed) if _tells(choice)}
    return tuple(sorted(found, key=_rarity)[:_MOST_CHOICES])


def _rarity(choice: Choice) -> tuple[int, int, list[str]]:
    return -min(map(len, choice)), len(choice), sorted(choice)


def _tells(choice: Choice) -> bool:
    return len(choice) <= _MOST_LITERALS and min(map(len, choice)) >= _LEAST_LETTERS


def _choices(sequence: Iterable[tuple[Any, Any]]) -> Iterator[Choice]:
    """The choices of items that follow one another: each of theirs, and runs of letters."""
    run: Choice = frozenset({""})
    for code, value in sequence:
        letters = _letters(code, value)
        if letters and len(run) * len(letters) <= _MOST_LITERALS:
            run = frozenset(map("".join, product(run, letters)))
            continue
        if code in (op.AT, op.ASSERT_NOT):
            continue
        yield run
        run = letters or frozenset({""})
        yield from _inside(code, value)
    yield run


def _letters(code: Any, value: Any) -> Choice | None:
    """The letters that one item stands for, when they are few; of a class, each of them."""
    if code is op.LITERAL:
        items = [(code, value)]
    elif code is op.IN and len(value) <= _WIDEST_CLASS:
        items = value
    else:
        return None
    if any(kind is not op.LITERAL or point > 127 for kind, point in items):
        return None
    return frozenset(chr(point).lower() for _, point in items)


def _inside(code: Any, value: Any) -> Iterator[Choice]:
    if code is op.SUBPATTERN:
        yield from _choices(value[3])
    elif code is op.ATOMIC_GROUP:
        yield from _choices(value)
    elif code is op.ASSERT:
        yield from _choices(value[1])
    elif code in _REPEATS and value[0] > 0:
        yield from _choices(value[2])
    elif code is op.BRANCH:
        best = [min(filter(_tells, _choices(each)), key=_rarity, default=None) for each in value[1]]
        told = [each for each in best if each is not None]
        if len(told) == len(best):
            yield frozenset().union(*told)


@lru_cache(maxsize=64)
def _lowered(text: str) -> str | None:
    """A text in lower case; None when it is not ASCII. One text is asked of many patterns."""
    return text.lower() if text.isascii() else None
