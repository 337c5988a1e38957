"""The order of long lists of statements, held in memory: which come on a page, and how many.

A store sorts all findings to give fifty of them, at every page and under every filter. Their
order does not change while a generation is served, so it is read once, with what lists are
filtered by; the store then only fills in the rows of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import msgspec
import pyoxigraph as ox

from ontology.iris import SCHEMES
from search.graph import Row, Term
from search.lists import Filters


class Long(msgspec.Struct, frozen=True):
    """A long list: the class of its things, and how many rows one query fills in fastest
    (measured: a store's plan for more of them can be a hundred times slower)."""

    of: str
    at_once: int


CLASSES = {
    "findings": Long("Finding", 50),
    "commitments": Long("Commitment", 100),
    "figures": Long("Figure", 5),
}
"""Kinds whose order is held."""

_EVENTS = "SELECT ?event ?day WHERE { ?event a fg:Event ; fg:earliest ?day }"
_DOCUMENTS = """SELECT ?document ?day ?authority WHERE {
  ?document a fg:Document .
  OPTIONAL { ?document dcterms:date ?day } OPTIONAL { ?document fg:authority ?authority } }"""
_STATEMENTS = """SELECT ?iri ?document ?start ?event ?polarity ?listed WHERE {
  ?iri a fg:%s ; fg:inDocument ?document ; oa:hasSelector/oa:start ?start .
  OPTIONAL { ?iri fg:event ?event } OPTIONAL { ?iri fg:polarity ?polarity }
  OPTIONAL { ?iri fg:listed ?listed } }"""
_TOLD = "SELECT ?event ?date WHERE { ?event a fg:Event ; dcterms:date ?date }"
_MORE = "SELECT ?iri ?more WHERE { ?iri a fg:%s ; fg:%s ?more }"

Select = Callable[[str], list[Row]]


class Entry(msgspec.Struct, frozen=True):
    """One statement: its IRI, where it begins, whether a list of its document has it, and what
    it is filtered by, as :class:`Filters` names it."""

    iri: str
    authority: str
    document: str
    event: str
    polarity: str
    themes: frozenset[str]
    about: str
    start: int
    listed: bool


class Bearing(msgspec.Struct, frozen=True):
    """What may bear on something later: a finding, the EDTF date of its event, its main theme."""

    iri: str
    date: str
    theme: str
    authority: str


class Ordered:
    """The statements of one kind in the order of their list."""

    def __init__(self, kind: str, base: str, select: Select) -> None:
        self._kind, self._base, self._select = kind, base, select

    def matching(self, filters: Filters) -> Sequence[str]:
        """IRIs of the statements under filters, in order."""
        return [entry.iri for entry in self.entries(filters)]

    def entries(self, filters: Filters) -> Sequence[Entry]:
        """The statements under filters, in order."""
        among = self._entries
        if filters == Filters():
            return among
        if len(filters.document) == 1:
            among = self._of_document.get(filters.document[0], [])
        return [entry for entry in among if self._fits(entry, filters)]

    def bearing(self) -> Iterator[Bearing]:
        """Findings with a date and a main theme."""
        rows = self._select(_MORE % (CLASSES[self._kind].of, "mainTheme"))
        themes = {_text(row["iri"]): _concept(row["more"]) for row in rows}
        rows = self._select(_TOLD)
        dates = {self._path(_text(row["event"])): _text(row["date"]) for row in rows}
        for entry in self._entries:
            date, theme = dates.get(entry.event), themes.get(entry.iri)
            if date and theme:
                yield Bearing(entry.iri, date, theme, entry.authority)

    def _fits(self, entry: Entry, filters: Filters) -> bool:
        fits = (not filters.authority or entry.authority in filters.authority) and (
            not filters.document or entry.document in filters.document
        )
        if self._kind != "findings" or not fits:
            return fits
        return (
            (not filters.theme or not entry.themes.isdisjoint(filters.theme))
            and (not filters.polarity or entry.polarity in filters.polarity)
            and (not filters.event or entry.event in filters.event)
            and (not filters.about or entry.about in filters.about)
        )

    @cached_property
    def _of_document(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self._entries:
            found.setdefault(entry.document, []).append(entry)
        return found

    @cached_property
    def _entries(self) -> list[Entry]:
        of = CLASSES[self._kind].of
        documents = {_text(row["document"]): row for row in self._select(_DOCUMENTS)}
        days = {key: _text(row["day"]) for key, row in documents.items()}
        if self._kind == "findings":
            days = {_text(row["event"]): _text(row["day"]) for row in self._select(_EVENTS)}
        themes: dict[str, set[str]] = {}
        for row in self._select(_MORE % (of, "theme")) if self._kind == "findings" else ():
            themes.setdefault(_text(row["iri"]), set()).add(_concept(row["more"]))
        about = {_text(r["iri"]): _text(r["more"]) for r in self._select(_MORE % (of, "about"))}
        dated_by = "event" if self._kind == "findings" else "document"

        def made() -> Iterator[tuple[tuple[str, str, int, str], Entry]]:
            for row in self._select(_STATEMENTS % of):
                iri, document = _text(row["iri"]), _text(row["document"])
                day = days.get(_text(row[dated_by]), "")
                start = int(_text(row["start"]))
                yield (
                    (_falling(day), document, start, iri),
                    Entry(
                        iri,
                        self._slug("organisation", _text(documents[document]["authority"])),
                        self._slug("document", document),
                        self._path(_text(row["event"])),
                        _concept(row["polarity"]),
                        frozenset(themes.get(iri, ())),
                        about.get(iri, ""),
                        start,
                        _text(row["listed"]) in ("true", "1"),
                    ),
                )

        return [entry for _, entry in sorted(made(), key=lambda pair: pair[0])]

    def _path(self, iri: str) -> str:
        return iri.removeprefix(f"{self._base}id/")

    def _slug(self, kind: str, iri: str) -> str:
        return iri.removeprefix(f"{self._base}id/{kind}/")


def _falling(day: str) -> str:
    """A key by which later days come first, and what has none last.

    A longer date comes before the shorter one that it begins with, as in falling order.
    """
    return "".join(chr(0x10FFFF - ord(letter)) for letter in day) + chr(0x10FFFF)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _concept(term: Term | None) -> str:
    return _text(term).removeprefix(SCHEMES).partition("/")[2]
