"""Tenures set in time: who held a post on a day, where none is named, where two overlap.

A tenure is a row of ``Facts.list("tenures")``. Its dates are as precise as the documents
give them, so an answer about a day is *yes*, *maybe* or *no*; what no date settles is never
taken for settled.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Literal

import msgspec

from kg.edtf import compatible, earliest, latest
from search.facts import Fact

Held = Literal["yes", "maybe", "no"]


class OnDay(msgspec.Struct, frozen=True):
    """A tenure that covers a day, or may: ``reason`` says what is not known."""

    tenure: Fact
    sure: bool
    reason: str = ""


class Between(msgspec.Struct, frozen=True):
    """A period in which a post has no stated holder (``gap``) or two (``overlap``)."""

    kind: Literal["gap", "overlap"]
    post: str
    post_iri: str
    first: str
    last: str
    before: Fact
    after: Fact


def by_post(tenures: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Tenures of each post, oldest first; those without a date last."""
    found: dict[str, list[Fact]] = {}
    for tenure in tenures:
        found.setdefault(tenure["post_iri"], []).append(tenure)
    return {post: sorted(held, key=_begin) for post, held in found.items()}


def _begin(tenure: Fact) -> tuple[bool, str]:
    first = _first(tenure["start"]) or _first(tenure["end"]) or _first(tenure["held_on"])
    return not first, first


def _first(edtf: str | None) -> str:
    """The first day that a date may mean; '' where there is no date."""
    return earliest(edtf) if edtf else ""


def _last(edtf: str | None) -> str:
    return latest(edtf) if edtf else ""


def on_day(tenures: Iterable[Fact], day: str) -> tuple[list[OnDay], list[Fact]]:
    """Who held which post on a day (an EDTF date of any precision), and the posts for which
    the documents name nobody then, each by one of its tenures."""
    found: list[OnDay] = []
    silent: list[Fact] = []
    for held in by_post(tenures).values():
        answers = [answer for t in held if (answer := _on(t, held, day))]
        found += sorted(answers, key=lambda answer: not answer.sure)
        if not answers and any(t["start"] or t["end"] for t in held):
            silent.append(held[0])
    return found, silent


def _on(tenure: Fact, held: list[Fact], day: str) -> OnDay | None:
    match covers(tenure, day):
        case "yes":
            return OnDay(tenure, sure=True)
        case "maybe" if not _succeeded(tenure, held, day):
            return OnDay(tenure, sure=False, reason=_unknown(tenure))
        case _:
            return None


def covers(tenure: Fact, day: str) -> Held:
    """Whether a tenure's own dates cover a day."""
    start, end, said = tenure["start"], tenure["end"], tenure["held_on"]
    if said and compatible(said, day):
        return "yes"
    if not start and not end:
        return "no"
    if _first(start) > latest(day) or (end and _last(end) and _last(end) < earliest(day)):
        return "no"
    begun = bool(start) and "" < _last(start) <= earliest(day)
    lasted = bool(end) and _first(end) >= latest(day)
    return "yes" if begun and lasted else "maybe"


def _succeeded(tenure: Fact, held: list[Fact], day: str) -> bool:
    """Whether a later tenure of the post had surely begun by then, where no end is stated."""
    return not tenure["end"] and any(
        other is not tenure
        and _first(other["start"]) > _last(tenure["start"])
        and "" < _last(other["start"]) <= earliest(day)
        for other in held
    )


def _unknown(tenure: Fact) -> str:
    if not tenure["end"]:
        return "The documents do not say when this ended."
    if not tenure["start"]:
        return "The documents do not say when this began."
    return "The dates are not exact enough to tell."


def gaps_and_overlaps(tenures: Iterable[Fact]) -> list[Between]:
    """Periods that are certain whatever day an inexact date means, post by post."""
    found: list[Between] = []
    for held in by_post(tenures).values():
        dated = [tenure for tenure in held if tenure["start"]]
        found += _gaps(dated)
        found += _overlaps(dated)
    return found


def _gaps(held: list[Fact]) -> list[Between]:
    found = []
    for before, after in pairwise(held):
        first, last = _day(_last(before["end"]), 1), _day(_first(after["start"]), -1)
        if first and last and first <= last:
            found.append(_between("gap", first, last, before, after))
    return found


def _overlaps(held: list[Fact]) -> list[Between]:
    found = []
    for before, after in combinations(held, 2):
        ends = [_first(t["end"]) for t in (before, after) if t["end"]]
        first = max(_last(before["start"]), _last(after["start"]))
        if before["end"] and first and first < min(ends):
            found.append(_between("overlap", first, min(ends), before, after))
    return found


def _between(
    kind: Literal["gap", "overlap"], first: str, last: str, before: Fact, after: Fact
) -> Between:
    return Between(kind, before["post"], before["post_iri"], first, last, before, after)


def _day(day: str, step: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=step)).isoformat() if day else ""
