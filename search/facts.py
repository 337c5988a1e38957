"""Lists of facts read from the graph: one query file a kind, rows as JSON-ready mappings.

queries/KIND.rq ──prefixes, filters, limits──▶ graph ──▶ rows ──▶ places, documents

>>> Facts(graph).list("judgements", limit=2)          # doctest: +SKIP
[{"id": …, "label": …, "document": {"id", "title", "file"}, "quote": …, …}, …]
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.extract.inspections import report_name
from ontology.iris import DEFAULT_BASE, SCHEMES
from ontology.terms import PREFIXES
from search.graph import Graph, Row, Term
from search.lists import ENTITIES, MIXED, Filters, ListQuery, iri, judged, mentions, text_of
from search.ordered import CLASSES, Ordered

__all__ = ["KINDS", "MOST", "Fact", "Facts", "Filters", "every", "facts", "plain"]

Fact = dict[str, Any]
Rows = list[Fact]
Solutions = list[Row]

KINDS = (
    "documents",
    "events",
    "judgements",
    "retold_judgements",
    "posts",
    "tenures",
    "organisations",
    "commitments",
    "changes",
    "figures",
    "disagreements",
)
"""Kinds of ``findings facts`` and ``/api/v1/facts``; the pages add some of their own."""

FURTHER = {"judgements": ("sources", "sources"), "commitments": ("changes", "changed")}
"""Kinds whose rows carry what other claims say of them: the field, and the query for it."""

PATHS = ("event", "part_of", "iri")
"""Fields that may hold things of several types, and so keep the type."""

MOST = 10_000
KEPT_LISTS, KEPT_ROWS = 500, 1_000


class Facts:
    """The facts of one graph. Its documents are read once, so keep one for a generation."""

    def __init__(self, graph: Graph, base: str = DEFAULT_BASE) -> None:
        self._graph, self.base = graph, base
        self._kept: OrderedDict[tuple[object, ...], Rows] = OrderedDict()
        self._made: dict[str, Rows] = {}
        self._orders: dict[str, Ordered] = {}

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
        if kind in CLASSES:
            iris = self.ordered(kind).matching(filters)[offset : offset + limit]
            return self._further(kind, self._filled(kind, iris))
        query = self._query(kind, filters)
        rows = [self._fact(kind, row) for row in self._select(query.page(limit, offset))]
        if kind not in ENTITIES:
            return self._further(kind, rows)
        return self._mentioned(kind, _first_of_each(rows))

    def _query(self, kind: str, filters: Filters) -> ListQuery:
        """The query of a list. Judgements of a document are looked up first: joined with the
        rest of their query, they cost a store as much as a fifth of all judgements."""
        if kind != "judgements" or not filters.document:
            return ListQuery(kind, self.base, filters)
        documents = [iri(f"{self.base}id/document/{each}") for each in filters.document]
        found = [_text(row, "iri") for row in self._select(judged(documents))]
        rest = msgspec.structs.replace(filters, document=())
        return ListQuery(kind, self.base, rest, found)

    def _filled(self, kind: str, iris: Sequence[str]) -> Rows:
        """The rows of these statements; a store joins a few at a time fastest."""
        query = ListQuery(kind, self.base)
        size = CLASSES[kind].at_once
        parts = (iris[at : at + size] for at in range(0, len(iris), size))
        return [self._fact(kind, row) for part in parts for row in self._select(query.rows(part))]

    def of(self, kind: str, iris: Sequence[str]) -> Rows:
        """The rows of these statements of a long list."""
        return self._further(kind, self._filled(kind, iris)) if iris else []

    def ordered(self, kind: str) -> Ordered:
        """The order of one of the long lists, read when it is first asked for."""
        if kind not in self._orders:
            self._orders[kind] = Ordered(kind, self.base, self._select)
        return self._orders[kind]

    def count(self, kind: str, filters: Filters = Filters()) -> int:  # noqa: B008
        """How many rows a kind has."""
        key = ("count", kind, filters)
        if key not in self._kept:
            self._keep(key, [{"n": self._count(kind, filters)}])
        return int(self._kept[key][0]["n"])

    def _count(self, kind: str, filters: Filters) -> int:
        if kind in CLASSES:
            return len(self.ordered(kind).matching(filters))
        rows = self._select(ListQuery(kind, self.base, filters).count())
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

    def remembered(self, name: str, make: Callable[[], Rows]) -> Rows:
        """What ``make`` gives, worked out once: a generation's graph does not change."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

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

    def _further(self, kind: str, facts: Rows) -> Rows:
        """Give claims what other claims say of them: further sources, or what became of them."""
        if kind not in FURTHER:
            return facts
        name, query = FURTHER[kind]
        found: dict[str, Rows] = {}
        for said in self.remembered(query, lambda: self._told(query)):
            found.setdefault(said["iri"], []).append({k: v for k, v in said.items() if k != "iri"})
        rows = [{**fact, name: found.get(fact["iri"], [])} for fact in facts]
        return [{**row, **(_told_in(row) if kind == "judgements" else {})} for row in rows]

    def _told(self, query: str) -> Rows:
        """All rows of a query that tells of other claims."""
        rows = self._select(text_of(query))
        return [{key: self._value(key, term) for key, term in row.items()} for row in rows]

    def _mentioned(self, kind: str, facts: Rows) -> Rows:
        """Give things their first mention as source, and all documents that mention them."""
        if not facts:
            return facts
        query = mentions(kind, (iri(f"{self.base}id/{fact['iri']}") for fact in facts))
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


def _told_in(fact: Fact) -> Fact:
    """All documents that tell of a judgement, the one that stands nearest to its event first."""
    places = [fact["document"], *(source["document"] for source in fact["sources"])]
    return {"mentioned_in": list({place["id"]: place for place in places}.values())}


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
