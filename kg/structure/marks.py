"""The printed marks that open a list item, a clause or a numbered paragraph."""

from __future__ import annotations

import re

import msgspec

# Code points that word processors' symbol fonts leave in a PDF's text, by nesting.
FIRST_LEVEL = frozenset(
    "\uf06e\u25fc\uf0a7\uf0b7\u2022\u25cf\u25aa\u25a0\uf0d8\uf0fc\u2023\u27a2\uf076\u00b7\u2756\u2713\u27a4\u25ba"
)
SECOND_LEVEL = frozenset(
    "\uf02d\u2212\u2500\u2015\uf0be\u0336\u25e6\u25cb\u2013\u2014\uf0a8\u25ab\u2043"
)
BULLETS = FIRST_LEVEL | SECOND_LEVEL
FIRST_MARK, SECOND_MARK = "•", "–"

_NUMBER = re.compile(r"(\d{1,3})\.(?!\d)$")
_BARE_NUMBER = re.compile(r"(\d{1,3})$")
_DECIMAL = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}\.?$")
_LETTER = re.compile(r"\(?([a-z]|[ivx]{1,5})[.)]$")
_PARENTHESES = re.compile(r"\(?(\d{1,2})\)$")


class Mark(msgspec.Struct, frozen=True):
    """A mark at the head of a line: ``bullet``, ``number``, ``decimal`` or ``letter``."""

    kind: str
    printed: str
    number: int = 0
    depth: int = 1


def bullet(word: str) -> Mark | None:
    """The bullet that a word starts with, if any.

    >>> bullet("\\uf06e").printed
    '•'
    """
    if not word or word[0] not in BULLETS:
        return None
    if len(word) > 1 and word[0] in "–—−·":
        return None
    second = word[0] in SECOND_LEVEL
    return Mark("bullet", SECOND_MARK if second else FIRST_MARK, depth=2 if second else 1)


def clause(word: str) -> Mark | None:
    """The number or letter that a word is, if it can open a numbered paragraph or clause."""
    if match := _NUMBER.match(word):
        return Mark("number", word, int(match[1]))
    if match := _PARENTHESES.match(word):
        return Mark("number", word, int(match[1]))
    if _DECIMAL.match(word):
        return Mark("decimal", word, depth=word.rstrip(".").count(".") + 1)
    if match := _LETTER.match(word):
        return Mark("letter", word, _ordinal(match[1]))
    return None


_UNITS = frozenset({"am", "pm", "a.m.", "p.m.", "per", "million", "billion", "hours", "years"})


def is_quantity(mark: Mark, following: str) -> bool:
    """Whether a number with a point is a time or an amount that a line happens to start with."""
    return mark.kind == "decimal" and following.casefold().rstrip(",;") in _UNITS


def bare_number(word: str) -> int | None:
    """A number printed without a full stop, or None."""
    match = _BARE_NUMBER.match(word)
    return int(match[1]) if match else None


def _ordinal(letters: str) -> int:
    return ord(letters) - ord("a") + 1 if len(letters) == 1 else 0


def without_bullet(text: str) -> str:
    """The text after the bullet glyphs it starts with."""
    return text.lstrip("".join(BULLETS) + " ")


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


class Nesting:
    """How deep clauses stand: numbers, letters below them, roman numbers below letters.

    A lone ``i`` is a letter after ``h``, a ``v`` after ``u``; elsewhere they count as roman.
    """

    def __init__(self) -> None:
        self.letter = ""
        self.roman = ""

    def level(self, mark: Mark) -> int:
        """The level of the next clause, from 1."""
        if mark.kind == "decimal":
            self.letter = self.roman = ""
            return mark.depth
        if mark.kind != "letter":
            self.letter = self.roman = ""
            return 1
        name = mark.printed.strip("().")
        if self._is_roman(name):
            self.roman = name
            return 3 if self.letter else 2
        self.letter, self.roman = name, ""
        return 2

    def _is_roman(self, name: str) -> bool:
        if name not in _ROMAN:
            return False
        place = _ROMAN.index(name)
        goes_on = place > 0 and self.roman == _ROMAN[place - 1]
        next_letter = len(name) == 1 and self.letter == chr(ord(name) - 1)
        return goes_on or len(name) > 1 or (name == "i" and not next_letter)
