"""What a sentence holds that could answer: dates, numbers, causes, names of bodies, grades."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from kg.dates import find
from kg.edtf import latest
from kg.relative_dates import resolve_relative

_NUMBER = re.compile(
    r"(?<![\w.,/-])£?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,/-])£?\d+(?:\.\d+)?(?![\w/]*\d)"
)
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred half third quarter dozen twice"
).split()
_WORDED = re.compile(rf"\b(?:{'|'.join(_WORDS)})(?:-\w+)?\b", re.I)
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a (?:result|consequence)|results? (?:from|in)|caus\w+|"
    r"reasons?|factors?|led to|contribut\w+|attribut\w+|stem\w* from|driven by|"
    r"consequen\w+|in response to|explain\w*)\b",
    re.I,
)
_BODY = re.compile(
    r"\b(?:[A-Z][\w&'’-]+|[A-Z]{2,})(?:\s+(?:(?:of|for|and|the|in)\s+)*(?:[A-Z][\w&'’-]+|[A-Z]{2,}))*"
)
_GRADE = re.compile(r"\b(?:outstanding|good|adequate|requires? improvement|inadequate)\b", re.I)
_PLANNED = re.compile(
    r"\b(?:will|would|plan(?:ned|s|ning)?|propos\w+|expect\w*|intend\w*|due to|target|to be|"
    r"aim\w*|anticipat\w*|scheduled|shall|should)\b",
    re.I,
)


_DAY = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?(January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b(?!,? \d{4})"
)


_AGES = re.compile(
    r"\b(?:aged?|ages|under|section|sections|paragraph|stage|table|document|regulation|annex)"
    r"(?: (?:of|from|under|over|between))? \d+(?:(?:-| to | and )\d+)?|\b\d+(?:- to |-)\d+-year",
    re.I,
)
_SET = re.compile(
    r"\b(?:will|(?:is|are) (?:set|due|expected|planned|scheduled|intended) to|is underway|to be "
    r"(?:established|completed|delivered|transferred))\b",
    re.I,
)
_DEFINES = re.compile(
    r"\([\"“'‘][^()]{2,60}[\"”'’]\)|\([A-Z]{2,}s?\)|\b(?:means|is defined|refers to|known as|"
    r"stands for|is an? [a-z-]+ (?:of|for|that|which)|which will|which is)\b"
)


class Content(msgspec.Struct, frozen=True):
    """The answerable content of one sentence."""

    dates: tuple[str, ...]
    numbers: tuple[str, ...]
    worded: bool
    cause: bool
    bodies: tuple[str, ...]
    graded: bool
    planned: bool
    defines: bool
    ahead: bool

    def has(self, asks: str) -> bool:
        """Whether the sentence holds the kind of thing that is asked for."""
        held = {
            "date": bool(self.dates),
            "number": bool(self.numbers) or self.worded,
            "cause": self.cause,
            "grade": self.graded,
            "body": bool(self.bodies),
            "person": bool(self.bodies),
        }
        return held.get(asks, True)

    def values(self, asks: str) -> Sequence[str]:
        """The bare values of that kind."""
        return {"date": self.dates, "number": self.numbers}.get(asks, ())


@lru_cache(maxsize=10_000)
def content(text: str, anchor: str = "") -> Content:
    """What a sentence holds, said at ``anchor``: "on 19 December" gets its year from there.

    A number inside a date is no number.
    """
    spans = [(s.start, s.end, s.edtf) for s in find(text)]
    spans += [s for s in _yearless(text, anchor) if not any(a <= s[0] < b for a, b, _ in spans)]
    bare = text
    bare = _AGES.sub(lambda match: " " * len(match.group()), bare)
    for start, end, _ in spans:
        bare = f"{bare[:start]}{' ' * (end - start)}{bare[end:]}"
    return Content(
        dates=tuple(edtf for _, _, edtf in sorted(spans)),
        numbers=tuple(m.group().replace(",", "").lstrip("£") for m in _NUMBER.finditer(bare)),
        worded=bool(_WORDED.search(bare)),
        cause=bool(_CAUSE.search(text)),
        bodies=tuple(dict.fromkeys(_bodies(bare))),
        graded=bool(_GRADE.search(text)),
        planned=bool(_PLANNED.search(text)),
        ahead=bool(_SET.search(text)),
        defines=bool(_DEFINES.search(text)),
    )


def _yearless(text: str, anchor: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _DAY.finditer(text) if anchor else ():
        value = resolve_relative(f"{match[1]} {match[2]}", latest(anchor))
        if value:
            found.append((match.start(), match.end(), value))
    return found


def _bodies(text: str) -> list[str]:
    """Runs of capitals that are no mere first word of the sentence."""
    return [
        match.group()
        for match in _BODY.finditer(text)
        if match.start() > 0 or " " in match.group()
    ]
