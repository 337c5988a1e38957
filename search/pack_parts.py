"""The records and the words of the meeting pack, and the facts that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from kg.dates import earliest, latest
from search.facts import Fact, Facts, Filters, every
from search.repeated import repeated


class Wanted(msgspec.Struct, frozen=True):
    """What the pack is about. ``since``, ``until`` and ``today`` are ISO days, both ends
    counted; no theme means all."""

    authority: str
    since: str
    until: str
    today: str
    themes: tuple[str, ...] = ()

    def fits(self, themes: Iterable[str]) -> bool:
        """Whether one of these themes was chosen."""
        return not self.themes or not set(self.themes).isdisjoint(themes)

    def before_end(self, edtf: str | None) -> bool:
        """Whether a date can lie at or before the end of the period."""
        return bool(edtf) and earliest(str(edtf)) <= self.until

    def within(self, edtf: str | None) -> bool:
        """Whether a date can lie in the period."""
        return self.before_end(edtf) and (latest(str(edtf)) or self.until) >= self.since


class Material(NamedTuple):
    """The facts of one authority that a pack is made of."""

    issues: list[Fact]
    events: list[Fact]
    findings: list[Fact]
    judgements: list[Fact]
    commitments: list[Fact]
    figures: list[Fact]
    disagreements: list[Fact]
    dates: dict[str, str | None]


class Speech(NamedTuple):
    """How values are said: an EDTF date, the label of a concept (``theme``, ``x``), a name
    with its dates in words."""

    dates: Callable[[str | None], str]
    label: Callable[[str, str], str]
    name: Callable[[str | None], str]


class Place(msgspec.Struct, frozen=True):
    """Where words stand in a document."""

    document: str
    start: int
    end: int


class Quote(msgspec.Struct, frozen=True):
    """Words of a document, who or when said them, and the number of the note."""

    text: str
    said: str
    note: int


class Item(msgspec.Struct, frozen=True):
    """One line with the words it rests on. ``iri`` is the page of the thing, if it has one."""

    text: str
    detail: str = ""
    iri: str = ""
    notes: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """One row of a section's table."""

    cells: tuple[str, ...]
    notes: tuple[int, ...]


class Section(msgspec.Struct, frozen=True):
    """One part of the pack: items or a table. ``more`` counts what was left out."""

    key: str
    title: str
    lead: str
    empty: str
    items: tuple[Item, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    more: int = 0


class Pack(msgspec.Struct, frozen=True):
    """The whole briefing."""

    wanted: Wanted
    sections: tuple[Section, ...]
    places: tuple[Place, ...]


class SectionWords(msgspec.Struct, frozen=True):
    """What ``pack.yaml`` says of a section."""

    title: str
    lead: str
    empty: str


class Wording(msgspec.Struct, frozen=True):
    """The data file ``pack.yaml``."""

    sections: dict[str, SectionWords]
    due: dict[str, str]
    questions: dict[str, str]
    no_measures: frozenset[str]


@cache
def wording() -> Wording:
    """The words of the pack."""
    return msgspec.yaml.decode(files("search").joinpath("pack.yaml").read_bytes(), type=Wording)


def gather(facts: Facts, authority: str) -> Material:
    """The facts of one authority."""
    only = Filters(authority=(authority,))
    kinds = ("events", "findings", "judgements", "commitments", "figures", "disagreements")
    lists = {kind: _once(every(facts, kind, only)) for kind in kinds}
    dates = {row["document"]["id"]: row["date"] for row in every(facts, "documents", only)}
    return Material(issues=repeated(facts, authority), dates=dates, **lists)


def _once(rows: Iterable[Fact]) -> list[Fact]:
    """Each fact once: one with two values of a field comes as two rows."""
    return list({row["id"]: row for row in rows}.values())
