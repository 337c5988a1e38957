"""Where a line tells grades: each grade word with the words that lead to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.retold.words import LONGEST, Telling, grades, rule, tellings


@dataclass(frozen=True)
class Match:
    """A grade in a line with the words that say what it grades."""

    start: int
    end: int
    printed: str
    what: str
    before: str
    telling: Telling


def matches(text: str) -> Iterator[Match]:
    """The grades of a line that a wording tells, in order."""
    begin, told = 0, False
    for found in grades().finditer(text):
        aside = rule("not_after").match(text[found.end() :])
        if aside or rule("not_before").search(text[: found.start()]):
            begin = found.end()
            continue
        match = _match(text, begin, found, told)
        if match:
            yield match
            begin, told = found.end(), True


def _match(text: str, begin: int, found: re.Match[str], told: bool) -> Match | None:
    first = max(begin, found.end() - LONGEST)
    for telling in tellings():
        hit = telling.rule.search(text, first, found.end())
        if hit is None or (telling.plain and not (told or _plainly(text, found))):
            continue
        what = (hit.groupdict().get("for") or hit["what"] or "").strip(" ,")
        before = text[:begin] if not telling.active else text[: hit.start()]
        return Match(_first(text, hit, telling), found.end(), found.group(), what, before, telling)
    return None


def _first(text: str, hit: re.Match[str], telling: Telling) -> int:
    """Where the words begin that tell a grade: with what is graded, or with who judges."""
    if telling.active:
        return 0
    start = hit.start()
    while text[start] in " ,;:" and start < hit.end() - 1:
        start += 1
    return start


def _plainly(text: str, found: re.Match[str]) -> bool:
    """Whether plain words may tell a grade: printed like one, or an inspection in the sentence."""
    quoted = text[found.start() - 1 : found.start()] in ("'", '"')
    aside = text[: found.start()] + text[found.end() :]
    return quoted or found.group()[0].isupper() or re.search(r"\binspect", aside, re.I) is not None
