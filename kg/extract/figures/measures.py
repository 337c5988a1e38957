"""Names of what numbers count, that read well: no loose ends, no pieces of a clause."""

from __future__ import annotations

import re
from functools import cache

from kg.extract.figures.words import words

_LONGEST = 7


def tidy(phrase: str, *, whole: bool = False) -> str:
    """A phrase without connecting words at its ends, cut before or after a verb; may be empty.

    ``whole`` keeps a clause that a bracket follows ("the largest group is of Welsh origin").

    >>> tidy("in primary schools is"), tidy("the national average is"), tidy("This dropped to")
    ('primary schools', 'national average', '')
    """
    phrase = " ".join(re.sub(r"\(.*$|^\d[\d.,]*%?", "", phrase).split())
    parts = [_trim(part) for part in ([phrase] if whole else _verb().split(phrase))]
    kept = [part for part in parts if _tells(part)]
    return kept[0] if kept else ""


def _trim(phrase: str) -> str:
    tokens = phrase.split()
    while tokens and tokens[0].lower().strip(",.") in words().loose:
        tokens.pop(0)
    while tokens and tokens[-1].lower().strip(",.") in words().loose:
        tokens.pop()
    return " ".join(tokens[-_LONGEST:])


def _tells(phrase: str) -> bool:
    """Whether a phrase names something: a word that is neither a number nor a bare adverb."""
    return any(
        token[0].isalpha() and not token.endswith("ly") and token.lower() not in words().loose
        for token in phrase.split()
    )


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words().verbs, key=len, reverse=True))})\b", re.I)
