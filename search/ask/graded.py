"""Questions that ask for grades without a word for a grade: "Is Kelland good?", "Kelland 2018
vs 2024", "Did care leavers in Kelland do better in 2022 than in 2018?".

Where nothing but councils, times, judged areas, grades and words of comparing stands in a
question, no other thing can be meant. Of two sides that it names, up or down, neither is taken
for the answer.
"""

from __future__ import annotations

import re

import msgspec

from search.ask.cues import cues
from search.ask.records import Asks, Link, Reading
from search.ask.words import date_words
from search.words import words

OVERALL = "overall_effectiveness"

COMPARING = ("better", "worse", "change", "compare", "fares")
"""Cues that put a council on a scale, or beside another."""

SAID = (
    "plain",
    "general",
    "graded",
    "happened",
    "last",
    "first",
    "ever",
    "how-often",
    "now",
    "got",
    "which-areas",
    "either-way",
    *COMPARING,
)
"""Cues whose words name nothing beside the grades that are asked for."""

SLOTS = ("authority", "elsewhere", "domain", "grade", "kind", "event", "document", "loose")
"""Slots whose words name nothing beside them either."""


def judged(reading: Reading, alone: bool) -> Reading:
    """The reading, with what is asked about grades in it though no word says so. ``alone`` says
    that the collection is about one authority, which then need not be named."""
    reading = _either(reading)
    placed = alone or reading.all("authority") or reading.all("domain")
    if not placed or reading.has("improvement") or _else(reading):
        return reading
    compared = any(map(reading.has, COMPARING))
    named = reading.has("graded") or bool(reading.all("grade"))
    named = named or (compared and len(reading.all("authority")) > 1)
    if not named and (reading.has("what") or not compared):
        return reading  # "What has improved?" asks for things, not for grades
    links, found = reading.links, reading.cues | {"graded"}
    if _whole(reading):
        links = (*links, Link("domain", OVERALL, OVERALL, 0, 0))
        found |= {"whole"} if len(reading.all("grade")) < 2 else set()
    return msgspec.structs.replace(reading, asks=_kind(reading), links=links, cues=found)


def _either(reading: Reading) -> Reading:
    """A question whether something is up or down asks for the change, not whether it is up."""
    sides = reading.has("either-way") or (reading.has("choice") and len(reading.dates) > 1)
    if not sides or not any(map(reading.has, COMPARING)):
        return reading
    counted = reading.asks == "yes-no" and reading.has("counts")
    return msgspec.structs.replace(
        reading,
        asks="number" if counted else reading.asks,
        cues=reading.cues - {"better", "worse"} | {"change"},
    )


def _else(reading: Reading) -> bool:
    """Whether anything stands in the question beside what belongs to grades."""
    spans = [(k.start, k.end) for k in reading.links if k.slot in SLOTS and k.end]
    spans += [m.span() for name in SAID for m in cues().named[name].finditer(reading.mended)]
    dates = " ".join(map(date_words, reading.dates)).lower()
    return any(
        not word.is_stop
        and not word.printed[:1].isdigit()
        and word.printed.lower() not in dates
        and not any(start <= word.start < end for start, end in spans)
        for word in words(reading.mended)
    )


def _whole(reading: Reading) -> bool:
    """Whether the whole service is meant: it is put on the scale, and no area is named; what
    changed between two inspections is told area by area."""
    if reading.all("domain") or reading.has("which-areas"):
        return False
    beside = len(reading.all("authority")) > 1 or reading.has("since-then")
    alone = reading.asks == "yes-no" and not reading.has("either-way")
    return beside or bool(reading.all("grade")) or alone


def _kind(reading: Reading) -> Asks:
    """A choice of grades, or how a council did, asks for the grade."""
    if reading.asks == "yes-no":
        chosen = reading.has("either-way") or len(reading.all("grade")) > 1
        chosen = chosen and re.search(r"\bor\b", reading.mended) is not None
        return "grade" if chosen else "yes-no"
    return "grade" if reading.asks in ("passage", "list", "person") else reading.asks
