"""Lists of facts read from the graph: one query file a kind, rows as JSON-ready mappings.

queries/KIND.rq ──prefixes, filters, limits──▶ graph ──▶ rows ──▶ places, documents

>>> Facts(graph).list("judgements", limit=2)          # doctest: +SKIP
[{"id": …, "label": …, "document": {"id", "title", "file"}, "quote": …, …}, …]
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.errors import QueryError
from kg.extract.inspections import report_name
from ontology.iris import DEFAULT_BASE, SCHEMES
from ontology.terms import PREFIXES
from search.graph import Graph, Row, Term

Fact = dict[str, Any]
Rows = list[Fact]
Solutions = list[Row]
Iris = list[str]

KINDS = (
    "documents",
    "events",
    "judgements",
    "posts",
    "tenures",
    "organisations",
    "commitments",
    "figures",
    "disagreements",
)
"""Kinds of ``findings facts`` and ``/api/v1/facts``; the pages add some of their own."""

ENTITIES = {
    "events": "?claim fg:event ?iri ; a fg:EventMention .",
    "inspections": "?claim fg:event ?iri ; a fg:EventMention .",
    "missing": "?claim fg:event ?iri ; a fg:EventMention .",
    "posts": "?claim fg:post ?iri ; a fg:PostMention .",
    "tenures": "?claim fg:tenure ?iri ; a fg:TenureClaim .",
    "organisations": "?claim fg:organisation ?iri ; a fg:OrganisationMention .",
}
"""Kinds of things that have no place of their own, and how documents mention them."""

MIXED = ("events", "inspections", "missing")
"""Kinds whose rows are of several types, so that an id keeps its type."""

PATHS = ("event", "part_of", "iri")
"""Fields that may hold things of several types, and so keep the type."""

MOST = 10_000
KEPT_LISTS, KEPT_ROWS = 500, 1_000


class Filters(msgspec.Struct, frozen=True):
    """What rows must be about: authorities by slug, documents by id. Empty lets all pass.

    ``theme``, ``polarity`` (concepts) and ``event`` (``inspection/…``) are for findings.
    """

    authority: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    event: tuple[str, ...] = ()


@cache
def _query(kind: str) -> str:
    path = files("search") / "queries" / f"{kind}.rq"
    if not path.is_file():
        raise QueryError(
            f"There are no facts of kind '{kind}'.", cure=f"Choose {', '.join(KINDS)}."
        )
    return path.read_text(encoding="utf-8")


def _paged(query: str, limit: int, offset: int) -> str:
    page = f"LIMIT {limit} OFFSET {offset}"
    return query.replace("#PAGE", page, 1) if "#PAGE" in query else f"{query}\n{page}"


def _named(kind: str, place: str, variable: str, values: Iris) -> str:
    """Only things that are mentioned somewhere in particular."""
    only = f"VALUES {variable} {{ {' '.join(values)} }}"
    return f"{{ SELECT DISTINCT ?iri WHERE {{ {only} {place} {ENTITIES[kind]} }} }}"


def _counted(query: str) -> str:
    """The part of a query that makes its rows, without what fills them in."""
    if "#ROWS" not in query:
        return f"{{ {query} }}"
    return query.partition("#ROWS")[2].partition("#END")[0].replace("#PAGE", "", 1)


def _iri(text: str) -> str:
    """An IRI as SPARQL writes it; for text that no IRI can hold, one that names nothing."""
    try:
        return str(ox.NamedNode(text))
    except ValueError:
        return "<urn:nothing>"


class Facts:
    """The facts of one graph. Its documents are read once, so keep one for a generation."""

    def __init__(self, graph: Graph, base: str = DEFAULT_BASE) -> None:
        self._graph, self.base = graph, base
        self._kept: OrderedDict[tuple[object, ...], Rows] = OrderedDict()

    def list(
        self,
        kind: str,
        limit: int = MOST,
        offset: int = 0,
        filters: Filters = Filters(),  # noqa: B008
    ) -> Rows:
        """Rows ``offset`` to ``offset + limit`` of a kind; QueryError for an unknown kind.

        Rows are shared between callers, since a graph does not change: do not alter them.
        """
        key = (kind, limit, offset, filters)
        rows = self._kept.get(key)
        if rows is None:
            rows = self._rows(kind, limit, offset, filters)
            self._keep(key, rows)
        return rows

    def _keep(self, key: tuple[object, ...], rows: Rows) -> None:
        """Remember short lists; the oldest are forgotten."""
        if len(rows) <= KEPT_ROWS:
            self._kept[key] = rows
        while len(self._kept) > KEPT_LISTS:
            self._kept.popitem(last=False)

    def _rows(self, kind: str, limit: int, offset: int, filters: Filters) -> Rows:
        query = _paged(self._filtered(kind, filters), int(limit), int(offset))
        rows = [self._fact(kind, row) for row in self._select(query)]
        if kind not in ENTITIES:
            return rows
        return self._mentioned(kind, _first_of_each(rows))

    def count(self, kind: str, filters: Filters = Filters()) -> int:  # noqa: B008
        """How many rows a kind has."""
        key = ("count", kind, filters)
        if key not in self._kept:
            self._keep(key, [{"n": self._count(kind, filters)}])
        return int(self._kept[key][0]["n"])

    def _count(self, kind: str, filters: Filters) -> int:
        inner = _counted(self._filtered(kind, filters))
        rows = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {inner} }}")
        return int(_text(rows[0], "n"))

    @cached_property
    def documents(self) -> dict[str, Fact]:
        """``{"id", "title", "file"}`` of each document, by its IRI."""
        rows = self._select(
            "SELECT ?d ?title ?file "
            "WHERE { ?d a fg:Document ; dcterms:title ?title ; fg:file ?file }"
        )
        return {
            _text(row, "d"): {
                "id": _text(row, "d").removeprefix(f"{self.base}id/document/"),
                "title": _text(row, "title"),
                "file": _text(row, "file"),
            }
            for row in rows
        }

    def reference(self, document: str) -> Fact:
        """``{"id", "title", "file"}`` of one document by its id."""
        return self.documents[f"{self.base}id/document/{document}"]

    def concept_labels(self) -> dict[str, str]:
        """Preferred labels by ``scheme/concept``: ``{"theme/supervision": "Supervision"}``."""
        rows = self._select("SELECT ?c ?label WHERE { ?c a skos:Concept ; skos:prefLabel ?label }")
        return {_text(row, "c").removeprefix(SCHEMES): _text(row, "label") for row in rows}

    def _select(self, query: str) -> Solutions:
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
        return self._graph.select(prefixes + query)

    def _filtered(self, kind: str, filters: Filters) -> str:
        return _query(kind).replace("#FILTERS", "\n".join(self._conditions(kind, filters)), 1)

    def _conditions(self, kind: str, filters: Filters) -> Iterable[str]:
        if filters.authority:
            about = self._iris("organisation", filters.authority)
            if kind in ENTITIES and kind not in MIXED:
                yield _named(
                    kind, "?in fg:authority ?of . ?claim fg:inDocument ?in .", "?of", about
                )
            else:
                yield f"FILTER(?authority_iri IN ({', '.join(about)}))"
        if filters.document:
            only = self._iris("document", filters.document)
            if kind in ENTITIES:
                yield _named(kind, "?claim fg:inDocument ?in .", "?in", only)
            else:
                yield f"FILTER(?document IN ({', '.join(only)}))"
        if kind == "findings":
            yield from self._of_findings(filters)

    def _of_findings(self, filters: Filters) -> Iterable[str]:
        for name in ("theme", "polarity"):
            concepts = [_iri(f"{SCHEMES}{name}/{value}") for value in getattr(filters, name)]
            if concepts:
                yield f"FILTER EXISTS {{ ?iri fg:{name} ?c FILTER(?c IN ({', '.join(concepts)})) }}"
        if filters.event:
            events = ", ".join(_iri(f"{self.base}id/{event}") for event in filters.event)
            yield f"FILTER(?event_iri IN ({events}))"

    def _iris(self, type_: str, slugs: Iterable[str]) -> Iris:
        return [_iri(f"{self.base}id/{type_}/{slug}") for slug in slugs]

    def _fact(self, kind: str, row: Row) -> Fact:
        path = _text(row, "iri").removeprefix(f"{self.base}id/")
        fact: Fact = {"id": path if kind in MIXED else path.partition("/")[2]}
        for name, term in row.items():
            fact[name.removesuffix("_list")] = self._value(name, term)
        return {**fact, **_MORE[kind](fact)} if kind in _MORE else fact

    def _value(self, name: str, term: Term | None) -> Any:
        if term is None:
            return [] if name.endswith("_list") else None
        if isinstance(term, ox.NamedNode):
            return self._named(name, term.value)
        if isinstance(term, ox.Literal):
            return _parts(term) if name.endswith("_list") else plain(term)
        raise TypeError(f"a list of facts cannot hold {term}")

    def _named(self, name: str, iri: str) -> Any:
        if name.endswith("document"):
            return self.documents[self._document_of(iri)]
        if iri.startswith(SCHEMES):
            return iri.removeprefix(SCHEMES).partition("/")[2]
        path = iri.removeprefix(f"{self.base}id/")
        keeps_type = name in PATHS or name.endswith("_iri")
        return path if keeps_type else path.partition("/")[2]

    def _document_of(self, iri: str) -> str:
        """The document of a span, whose IRI holds it; a document is its own."""
        span = f"{self.base}id/span/"
        if not iri.startswith(span):
            return iri
        return f"{self.base}id/document/{iri.removeprefix(span).rpartition('/')[0]}"

    def _mentioned(self, kind: str, facts: Rows) -> Rows:
        """Give things their first mention as source, and all documents that mention them."""
        if not facts:
            return facts
        iris = " ".join(_iri(f"{self.base}id/{fact['iri']}") for fact in facts)
        only = f"VALUES ?iri {{ {iris} }} {ENTITIES[kind]}"
        query = _query("mentions").replace("#FILTERS", only, 1)
        found: dict[str, Rows] = {}
        for row in self._select(query):
            mention = {name: self._value(name, term) for name, term in row.items()}
            found.setdefault(mention["iri"], []).append(mention)
        return [_sourced(fact, found.get(fact["iri"], [])) for fact in facts]


def _first_of_each(rows: list[Fact]) -> list[Fact]:
    """One row a thing: a thing with two labels or dates would come twice."""
    found: dict[str, Fact] = {}
    for row in rows:
        found.setdefault(row["iri"], row)
    return [*found.values()]


def _sourced(fact: Fact, mentions: list[Fact]) -> Fact:
    """A fact with its source, its own fields first where names are the same."""
    return {"id": fact["id"], "label": fact.get("label"), **_source(mentions), **fact}


def _source(mentions: list[Fact]) -> Fact:
    first = mentions[0] if mentions else {}
    documents = {mention["document"]["id"]: mention["document"] for mention in mentions}
    return {
        "document": first.get("document"),
        "quote": first.get("quote"),
        "start": first.get("start"),
        "end": first.get("end"),
        "quote_start": first.get("start"),
        "quote_end": first.get("end"),
        "mentioned_in": list(documents.values()),
    }


def _sides(fact: Fact) -> Fact:
    """The two answers of a disagreement as its sides."""
    first = {name: fact[name] for name in ("document", "quote", "start", "end", "value")}
    other = {name: fact.pop(f"other_{name}") for name in first}
    return {"sides": [first, other]}


def _framework(fact: Fact) -> Fact:
    """The framework as tables of results name it, by the length of the first visit."""
    ident = fact["framework"]
    name, _ = report_name(ident, fact.pop("dates_printed", None) or "")
    return {"framework": name, "framework_id": ident}


_MORE = {"disagreements": _sides, "judgements": _framework}
"""What a kind's rows get besides the variables of their query."""


def _text(row: Row, name: str) -> str:
    """The text of a variable that its query always binds."""
    term = row[name]
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise TypeError(f"?{name} holds {term}")
    return term.value


def _parts(literal: ox.Literal) -> list[str]:
    return sorted(filter(None, literal.value.split("|")))


def plain(literal: ox.Literal) -> str | int | float | bool:
    """A literal as JSON has it: numbers and truth values as such, all else as text."""
    kind = literal.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return literal.value in ("true", "1")
    if kind in ("integer", "decimal", "double"):
        return int(literal.value) if re.fullmatch(r"-?\d+", literal.value) else float(literal.value)
    return literal.value


def every(facts: Facts, kind: str, filters: Filters = Filters()) -> Iterator[Fact]:  # noqa: B008
    """All rows of a kind, fetched a page at a time."""
    offset = 0
    while rows := facts.list(kind, MOST, offset, filters):
        yield from rows
        offset += len(rows)
        if len(rows) < MOST:
            return


def facts(graph: Graph, kind: str, limit: int = 100, offset: int = 0) -> list[Fact]:
    """Rows of a kind in one call, for programs that ask once."""
    return Facts(graph).list(kind, limit, offset)
