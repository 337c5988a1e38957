"""Phrases that a faulty conversion printed over and over inside one block."""

from __future__ import annotations

import re

MIN_WORDS = 3
MIN_LETTERS = 12
TIMES = 3
LONGEST = 40

_TOKEN = re.compile(r"\S+")


def collapse(text: str) -> str:
    """The text with a phrase that follows itself three times or more printed once.

    Phrases are compared by their letters, since such loops often differ in brackets, and a
    last repeat may be cut off. A phrase of at least three words said twice stays.

        >>> collapse("aims in 'Better lives now' (Better lives now) (Better lives now) (Bett")
        "aims in 'Better lives now'"
    """
    tokens = list(_TOKEN.finditer(text))
    words = [re.sub(r"\W", "", token.group()).lower() for token in tokens]
    kept: list[tuple[int, int]] = []
    done = place = 0
    while place < len(words):
        period = _period(words, place)
        if not period:
            place += 1
            continue
        end = place + period
        while end < len(words) and _goes_on(words, end, period):
            end += 1
        kept.append((done, tokens[place + period - 1].end()))
        done = tokens[end - 1].end()
        place = end
    return "".join(text[start:stop] for start, stop in [*kept, (done, len(text))])


def _period(words: list[str], place: int) -> int:
    """The length of the phrase at ``place`` if it follows itself often enough, else 0."""
    for length in range(MIN_WORDS, min(LONGEST, (len(words) - place) // TIMES) + 1):
        if words[place] != words[place + length]:
            continue
        unit = words[place : place + length]
        letters = sum(map(len, unit))
        if letters >= MIN_LETTERS and unit * TIMES == words[place : place + TIMES * length]:
            return length
    return 0


def _goes_on(words: list[str], place: int, period: int) -> bool:
    """Whether the word repeats the one a period before, in full or cut off at the end."""
    before = words[place - period]
    cut = place == len(words) - 1 and bool(words[place]) and before.startswith(words[place])
    return words[place] == before or cut
