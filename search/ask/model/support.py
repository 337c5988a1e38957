"""Whether a sentence says no more than the words that it rests on.

A sentence is held to one source at a time (a quotation with its document, or a row):
all its numbers, dates, names and signs (``support.yaml``) stand there; nearly all its
words do, in much the same order; its polarity is the same; and its vector is near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from kg.dates import find
from kg.sentences import spans
from search.ask.content import content, signs
from search.words import STOPWORDS, stem, words

WORDS, ORDER, NEAR = 0.85, 0.85, 0.45
"""Share of the content words that the source has, share of those in the source's order, and
cosine to the nearest of its sentences. Calibrated on ``tests/search/ask/supported.yaml``."""

LONGEST = 60
"""Words of a sentence at most."""

_NAME = re.compile(r"[A-Z][\w'’-]*")

Alike = Callable[[str, Sequence[str]], float]
"""The best cosine of a sentence to some others."""


class Rules(msgspec.Struct, frozen=True):
    """``support.yaml``, compiled."""

    addressed: tuple[re.Pattern[str], ...]
    glue: frozenset[str]
    same: tuple[re.Pattern[str], ...]
    both: tuple[re.Pattern[str], ...]
    whole: tuple[re.Pattern[str], ...]
    joins: re.Pattern[str]


@cache
def rules() -> Rules:
    """The rules, read once."""
    raw: dict[str, Any] = msgspec.yaml.decode(
        files("search.ask.model").joinpath("support.yaml").read_text(encoding="utf-8")
    )
    return Rules(
        addressed=tuple(re.compile(each, re.I) for each in raw["addressed"]),
        glue=frozenset(map(stem, raw["glue"])),
        same=tuple(re.compile(each, re.I) for each in raw["same"].values()),
        both=tuple(re.compile(each, re.I) for each in raw["both"].values()),
        whole=tuple(re.compile(each, re.I) for each in raw["whole"].values()),
        joins=re.compile(raw["joins"], re.I),
    )


class Source(msgspec.Struct, frozen=True):
    """Words that an answer rests on; ``called`` is what their document is called, with its
    date: a sentence may name it."""

    text: str
    called: str = ""

    @property
    def whole(self) -> str:
        """The words and the name."""
        return f"{self.called}. {self.text}" if self.called else self.text

    @property
    def addressed(self) -> bool:
        """Whether the words speak to a machine rather than to readers."""
        return any(each.search(self.text) for each in rules().addressed)


def supported(sentence: str, sources: Sequence[Source], alike: Alike) -> bool:
    """Whether one of the sources says all that the sentence says."""
    if not 0 < len(words(sentence)) <= LONGEST:
        return False
    return any(_says(source, sentence, alike) for source in sources)


def _says(source: Source, sentence: str, alike: Alike) -> bool:
    """Whether some clauses of one sentence of the source, no more of them than the sentence
    has, say it: clauses apart could be put together to say another thing."""
    if not _exact(source, sentence):
        return False
    said = _topical(sentence)
    parts = list(_parts(source.text, 1 + len(rules().joins.findall(sentence))))
    part, around = max(parts, key=lambda p: (len({*said} & {*_topical(p[0])}), -len(p[0])))
    return (
        _worded(f"{source.called}. {part}", said)
        and _signed(f"{source.called}. {part}", part, around, sentence)
        and alike(sentence, [part, around]) >= NEAR
    )


def _exact(source: Source, sentence: str) -> bool:
    """Whether the source has all numbers, dates and names of the sentence."""
    held, said = content(source.whole), content(sentence)
    has = {*held.numbers, *_counted(source.whole)}
    if not {*said.numbers, *_counted(sentence)} <= has:
        return False
    if not {s.edtf for s in find(sentence)} <= {s.edtf for s in find(source.whole)}:
        return False
    names = {word.lower() for word in _names(sentence)}
    return names <= {word.printed.lower() for word in words(source.whole)}


def _counted(text: str) -> list[str]:
    """Numbers in words."""
    return [match.group().lower() for match in signs()["numbers"].finditer(text)]


def _names(sentence: str) -> list[str]:
    """Capitalised words; the first word counts where it is no common one."""
    found = _NAME.finditer(re.sub("['’]s", "", sentence))
    common = rules().glue
    return [
        m.group()
        for m in found
        if m.start() or not (m.group().lower() in STOPWORDS or stem(m.group()) in common)
    ]


def _worded(part: str, sentence: Sequence[str]) -> bool:
    """Whether a part has nearly all the words, in much the same order."""
    said = [each for each in sentence if each not in rules().glue]
    held = _topical(part)
    common = [each for each in said if each in set(held)]
    if not said or len(common) < WORDS * len(said):
        return False
    blocks = SequenceMatcher(None, common, held, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= ORDER * len(common)


def _topical(text: str) -> list[str]:
    return [word.stem for word in words(text) if not word.is_stop]


def _signed(called: str, part: str, around: str, sentence: str) -> bool:
    """Whether signs and polarity are those of the clauses meant, and of their sentence."""
    if any(sign.search(sentence) and not sign.search(called) for sign in rules().same):
        return False
    if any(bool(s.search(sentence)) != bool(s.search(part)) for s in rules().both):
        return False
    return all(bool(s.search(sentence)) == bool(s.search(around)) for s in rules().whole)


def _parts(text: str, most: int) -> Iterator[tuple[str, str]]:
    """Each run of at most so many clauses of each sentence, and that sentence."""
    for a, b in spans(text):
        sentence = text[a:b]
        starts = [0, *(match.start() for match in rules().joins.finditer(sentence))]
        ends = [*starts[1:], len(sentence)]
        for first, start in enumerate(starts):
            for end in ends[first : first + most]:
                yield sentence[start:end], sentence
