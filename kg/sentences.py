"""Documents to sentences.

Rules and a list of abbreviations, and no model: the sources are edited prose, and blocks
have already parted headings, items and cells. :data:`abbreviations.txt` beside this module
can be extended by whoever knows the genre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from kg.model import Document, Sentence

_SPOKEN = frozenset({"paragraph", "bullet", "numbered", "footnote"})
_BOUNDARY = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[£]*[A-Z0-9])")
_LAST_WORD = re.compile(r"([\w.’']+)$")
_INITIAL = re.compile(r"(?:^|[\s.(])[A-Z]$")
_LIST_MARK = re.compile(r"^(\(?[a-z0-9]{1,3}|[ivx]+)$")


def sentences(document: Document) -> tuple[Sentence, ...]:
    """All sentences in order; a bullet that is no sentence counts as one.

    Headings, titles and tables give none.
    """
    return tuple(
        Sentence(block.start + start, block.start + end, number)
        for number, block in enumerate(document.blocks)
        if block.kind in _SPOKEN
        for start, end in spans(document.text[block.start : block.end])
    )


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of one paragraph start and end.

    >>> [*spans("It is good. See e.g. Annex A.")]
    [(0, 11), (12, 29)]
    """
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, start, match):
            yield start, match.start() + len(match[0].rstrip())
            start = match.end()
    if text[start:].strip():
        yield start, len(text.rstrip())


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether punctuation followed by a blank and a capital closes a sentence."""
    before = text[start : match.start()]
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    if _INITIAL.search(before) or _LIST_MARK.match(before.strip()):
        return False
    return not _is_abbreviation(word[1].casefold(), text[match.end()])


def _is_abbreviation(word: str, following: str) -> bool:
    maybe_final = _abbreviations().get(word)
    if maybe_final is None:
        return False
    if word in _BEFORE_NUMBERS:
        return following.isdigit()
    return not (maybe_final and following.isupper())


# Words of their own as often as abbreviations; only a number after them tells.
_BEFORE_NUMBERS = frozenset(
    {"no", "art", "st", "s", "v", "p", "reg", "sec", "fig", "max", "min", "co"}
)


@cache
def _abbreviations() -> dict[str, bool]:
    """Each abbreviation, and whether it may also end a sentence."""
    lines = resources.files("kg").joinpath("abbreviations.txt").read_text("utf-8").splitlines()
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return {entry.rstrip("~"): entry.endswith("~") for entry in entries}
