"""Whether a sentence can answer: it holds what is asked for, said of what is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.dates import find
from search.ask import chairs, people, timing
from search.ask.amounts import Counted, amounts, ordinals, possible, wanted
from search.ask.content import Content, signs
from search.ask.cues import cues
from search.ask.evidence import Evidence
from search.ask.posts import named
from search.ask.records import Reading
from search.words import words

BESIDE, BARE = 1, 0.25
"""Words between a number and what it counts that make it surely of that; the share of the
topic's words that such a sentence needs."""

TOLD, AKIN = 0.35, 0.55
"""Share of the topic's words and cosine that do for a sentence which tells that it happened."""

STRICT = {"date": 0.50, "number": 0.40, "person": 0.50, "grade": 0.30, "body": 0.50}
"""Kinds that a sentence must hold to answer, and the share of the topic's words it needs."""

NEAR, VERY_NEAR = 0.66, 0.75
"""Cosine to the topic that stands in for its words; and that, or share of its words, which
stands in for a number beside what is counted."""

GENERAL = frozenset({"Council", "Local Authority", "Children", "Ofsted", "Children's Services"})
"""Capitalised words that name no particular body."""


def able(evidence: Evidence, reading: Reading, held: Content, dated: bool) -> bool:
    """Whether a sentence can answer; what a number or name is of must be said in it.

    ``held`` is its content; ``dated`` says that it is of the time asked about.
    """
    asks = reading.asks
    if asks not in STRICT:
        return True
    if not held.has(asks) or not _near(evidence, reading):
        return False
    if asks == "number":
        return dated and _numbers(evidence.text, reading)
    if asks == "person":
        return dated and _tells_who(evidence, reading)
    if asks == "date":
        return _tells_when(evidence.text, held, reading)
    if asks == "body":
        return _tells_which(evidence.text, held, reading)
    return dated


def _near(evidence: Evidence, reading: Reading) -> bool:
    """Whether a sentence speaks of the topic, in its words or by its meaning."""
    asks = reading.asks
    near = evidence.terms >= STRICT[asks] or evidence.cosine >= NEAR
    if asks == "number" and wanted(reading).nouns:
        return _counts(evidence, wanted(reading), near)
    if asks == "person" and reading.has("chairs") and evidence.document.id in reading.documents:
        return near or chairs.presided(evidence.text)
    if asks == "date" and timing.happenings(reading.mended) & timing.happenings(evidence.text):
        return near or (evidence.terms >= TOLD and evidence.cosine >= AKIN)
    return near


def _numbers(text: str, reading: Reading) -> bool:
    if reading.has("times") and not _repeated(text, reading):
        return False
    return _of_kind(text, reading)


def _tells_who(evidence: Evidence, reading: Reading) -> bool:
    text = evidence.text
    if not _of_rank(evidence, reading) or not people.answers(text, reading.mended):
        return False
    if reading.has("succeeds") and not cues().named["succeeds"].search(text):
        return False
    return chairs.told(text, reading) if reading.has("chairs") else _of_post(text, reading)


def _tells_when(text: str, held: Content, reading: Reading) -> bool:
    if not timing.answers(text, held, reading):
        return False
    if timing.of_tenure(reading.mended) and not _of_post(text, reading):
        return False
    return not reading.has("by-when") or _due(text)


def _tells_which(text: str, held: Content, reading: Reading) -> bool:
    if not _of_sort(text, reading) or not _new(held.bodies, reading):
        return False
    return not reading.has("name") or _called(text, reading)


def _counts(evidence: Evidence, wanted: Counted, near: bool) -> bool:
    """Whether a sentence near the topic counts what is wanted: its number stands beside that,
    or its meaning is very near; and it speaks of what that is said to have done."""
    same = {word.stem for word in words(evidence.text)}
    if wanted.verb and wanted.verb not in same and evidence.cosine < NEAR:
        return False
    if amounts(evidence.text, wanted):
        return near or evidence.terms >= BARE
    return evidence.cosine >= VERY_NEAR or evidence.own >= VERY_NEAR


def _repeated(text: str, reading: Reading) -> bool:
    """Whether a sentence tells how often something was, in words for that or by its last."""
    told = signs()["repeated"].search(text) is not None
    return told or bool(ordinals(text, wanted(reading).nouns))


def _due(text: str) -> bool:
    """Whether a sentence sets a date by which something is to be."""
    return any(cues().named["until"].search(text[: date.start]) for date in find(text))


def _of_kind(text: str, reading: Reading) -> bool:
    """Whether a sentence has a sum of money, a share or a count, whichever is asked for."""
    asked = wanted(reading)
    if asked.share and signs()["fractions"].search(text):
        return True
    if asked.nouns:
        return possible(text, asked) or bool(signs()["numbers"].search(text))
    return asked.empty or bool(amounts(text, asked))


def _of_post(text: str, reading: Reading) -> bool:
    """Whether a sentence speaks of the post asked about, held in the mode asked about."""
    for mode in reading.all("mode"):
        if not cues().modes[mode].search(text):
            return False
    wanted = [link for link in reading.links if link.slot == "post"]
    return not wanted or any(link.label in named(text) for link in wanted)


def _of_rank(evidence: Evidence, reading: Reading) -> bool:
    """Whether a sentence has the rank asked about: the lead inspector is no additional one."""
    asked = signs()["ranks"].findall(reading.mended)
    return all(rank.lower() in evidence.text.lower() for rank in asked)


def _of_sort(text: str, reading: Reading) -> bool:
    """Whether a sentence speaks of the kind of body asked for, where that is a rare kind."""
    asked = [sort for sort in cues().sorts if sort in reading.mended.lower()]
    return not asked or any(sort[:7] in text.lower() for sort in asked)


def _new(bodies: Sequence[str], reading: Reading) -> bool:
    """Whether a sentence names a body that the question does not."""
    asked = reading.mended.lower()
    return any(
        body.lower() not in asked and (" " in body or len(body) > 3)
        for body in bodies
        if body not in GENERAL
    )


def _called(text: str, reading: Reading) -> bool:
    """Whether a sentence tells what something is called: beside a quoted name, or as "…, a"."""
    if signs()["called"].search(text):
        return True
    thing = [word.printed for word in words(reading.topic) if not word.is_stop][-1:]
    apart = "|".join(rf"[,(] ?(?:an?|the) [\w -]{{0,40}}{re.escape(each)}\b" for each in thing)
    return bool(apart) and re.search(apart, text, re.I) is not None
