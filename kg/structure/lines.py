"""Printed words and lines with their places on the page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Word:
    """A run of characters without a blank. Places are in points from the bottom left.

    ``broken`` says that it ends in the hyphen at which the line was cut; ``raised`` that
    it is a small digit, a footnote's mark.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    slanted: bool = False
    broken: bool = False
    raised: bool = False


@dataclass
class Line:
    """Words on one baseline of one page."""

    words: list[Word]
    page: int
    column: int = field(default=0)

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @cached_property
    def base(self) -> float:
        """The baseline of most of its text: symbols of other fonts stand higher."""
        return self.words[-1].base

    @cached_property
    def size(self) -> float:
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        return sizes.most_common(1)[0][0]

    @cached_property
    def bold(self) -> bool:
        return all(word.bold for word in self._lettered) and bool(self._lettered)

    @cached_property
    def slanted(self) -> bool:
        return all(word.slanted for word in self._lettered) and bool(self._lettered)

    @cached_property
    def _lettered(self) -> list[Word]:
        return [word for word in self.words if any(map(str.isalpha, word.text))]

    def segments(self, gap: float = 1.6) -> list[list[Word]]:
        """Its words cut where a blank wider than ``gap`` letters stands."""
        cut: list[list[Word]] = [[self.words[0]]]
        for left, right in pairwise(self.words):
            if right.x0 - left.x1 > gap * max(left.size, right.size):
                cut.append([])
            cut[-1].append(right)
        return cut


@dataclass(slots=True)
class Rule:
    """A drawn straight line, as the thin box it fills."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


def joined(lines: list[list[Word]]) -> str:
    """The running text of printed lines: cut words closed up, blanks single.

    A hyphen at a line's end stays; the blank after it goes unless a second part hangs on
    it ("16- and 17-year-olds").
    """
    parts: list[str] = []
    for words in lines:
        text = _SPACES.sub(" ", " ".join(word.text for word in words)).strip()
        if not text:
            continue
        if parts and not closes_up(parts[-1], text):
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


_HANGING = re.compile(r"(and|or|to)\b")
_COMPOUND = re.compile(r"\w[-\u2010\u2011]$")


def closes_up(before: str, after: str) -> bool:
    """Whether a line goes on from the one before without a blank between them."""
    if not _COMPOUND.search(before):
        return before.endswith("/") and after[0].isalpha()
    return after[0].isalnum() and not _HANGING.match(after)


def body_size(lines: list[Line]) -> float:
    """The size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def leading(lines: list[Line], body: float) -> float:
    """The distance of two lines of one paragraph over the size of the print.

    Paragraphs of one line are common, so it is a low quantile of all distances.
    """
    gaps = [
        (above.base - below.base) / body
        for above, below in pairwise(lines)
        if above.page == below.page
        and above.size == below.size == body
        and 0.95 < (above.base - below.base) / body < 1.9
    ]
    gaps.sort()
    return gaps[len(gaps) // 5] if gaps else 1.2


def margin(lines: list[Line], body: float) -> float:
    """How far to the right full lines reach."""
    ends = sorted(line.x1 for line in lines if line.size == body)
    return ends[int(len(ends) * 0.95)] if ends else 0.0
