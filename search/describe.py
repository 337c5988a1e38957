"""One thing of the graph: what is said of it, what points to it, and its triples."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pyoxigraph as ox

from ontology.iris import DEFAULT_BASE
from ontology.terms import PREFIXES
from search.graph import Graph, Row, Term

_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

_PROPERTIES = """
SELECT DISTINCT ?p ?p_label ?o (SAMPLE(?name) AS ?o_label) WHERE {
  <%s> ?p ?o .
  OPTIONAL { ?p rdfs:label ?p_label }
  OPTIONAL { ?o rdfs:label|skos:prefLabel ?name }
} GROUP BY ?p ?p_label ?o ORDER BY ?p ?o
"""

_PLACE = """
SELECT ?document ?quote ?start ?end WHERE {
  <%s> fg:inDocument ?document ; oa:hasSelector ?span .
  ?span oa:exact ?quote ; oa:start ?start ; oa:end ?end .
}
"""

_CLAIMS = "SELECT DISTINCT ?claim WHERE { ?claim ?p <%s> ; a fg:Claim ; fg:inDocument ?in }"

_SAID = """
SELECT ?claim (SAMPLE(?label) AS ?kind_label) ?document ?quote ?start ?end WHERE {
  VALUES ?claim { %s }
  ?claim fg:inDocument ?document ; oa:hasSelector ?span .
  ?span oa:exact ?quote ; oa:start ?start ; oa:end ?end .
  ?claim a ?kind . ?kind rdfs:subClassOf fg:Claim ; rdfs:label ?label .
} GROUP BY ?claim ?document ?quote ?start ?end ORDER BY ?kind_label ?document ?start ?claim
"""

_POINTING = """
SELECT DISTINCT ?s ?p_label ?s_label WHERE {
  ?s ?p <%s> .
  ?p rdfs:label ?p_label .
  ?s rdfs:label ?s_label .
  FILTER NOT EXISTS { ?s a fg:Claim }
} ORDER BY ?p_label ?s_label ?s
"""

_TRIPLES = """
SELECT DISTINCT ?s ?p ?o WHERE {
  { VALUES ?s { <%(iri)s> } ?s ?p ?o }
  UNION
  { <%(iri)s> oa:hasSelector|fg:otherSpan|fg:aboutSpan ?s . ?s ?p ?o }
} ORDER BY ?s ?p ?o
"""


class Value(msgspec.Struct, frozen=True):
    """One value of a property: its text, and the IRI where it is a thing."""

    text: str
    iri: str | None = None
    named: bool = False


class Property(msgspec.Struct, frozen=True):
    """One property with all its values. ``iri`` names it where it has no label."""

    iri: str
    label: str
    values: tuple[Value, ...]


class Said(msgspec.Struct, frozen=True):
    """A claim that points to the thing, with its words."""

    claim: str
    kind: str
    document: str
    quote: str
    start: int
    end: int


class Pointing(msgspec.Struct, frozen=True):
    """Another thing that points to this one, by which property."""

    iri: str
    label: str
    property: str


class Thing(msgspec.Struct, frozen=True):
    """All that a page about one thing shows. ``said`` is one page of ``said_total``."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    properties: tuple[Property, ...]
    place: Said | None
    said: tuple[Said, ...]
    said_total: int
    pointing: tuple[Pointing, ...]


def _node(iri: str) -> str | None:
    """An IRI that can be written into a query, or None."""
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        return None


def _written(iri: str) -> str:
    return str(ox.NamedNode(iri))


def _value(term: Term | None) -> str:
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise TypeError(f"a description cannot hold {term}")
    return term.value


class Describer:
    """Describes things of one graph."""

    def __init__(self, graph: Graph, base: str = DEFAULT_BASE) -> None:
        self._graph, self._base = graph, base

    def triples(self, iri: str) -> list[ox.Triple]:
        """What the graph states of a thing and of the places where it was read; may be empty."""
        known = _node(iri)
        rows = self._select(_TRIPLES % {"iri": known}) if known else []
        return [_triple(row) for row in rows]

    def thing(self, iri: str, limit: int, offset: int = 0, most: int = 200) -> Thing | None:
        """A thing with one page of what is said of it and up to ``most`` others that point to
        it; None where the graph states nothing of it."""
        known = _node(iri)
        rows = self._select(_PROPERTIES % known) if known else []
        if not rows or known is None:
            return None
        properties = tuple(_properties(rows))
        claims = self._claims(known)
        return Thing(
            iri,
            _label(properties) or iri.removeprefix(f"{self._base}id/"),
            tuple(v.text for p in properties if p.iri == _TYPE for v in p.values if v.named),
            properties,
            self._place(known),
            self._said(claims[offset : offset + limit]),
            len(claims),
            tuple(self._pointing(known, most)),
        )

    def _claims(self, iri: str) -> list[str]:
        """Claims that point to a thing, by name: the kind first, then the document.

        Tens of thousands point to some concepts. An engine takes seconds to put them in order
        with their words; the names alone take a moment, and only one page needs the words.
        """
        return sorted(_value(row["claim"]) for row in self._select(_CLAIMS % iri))

    def _said(self, claims: list[str]) -> tuple[Said, ...]:
        if not claims:
            return ()
        return tuple(_said(row) for row in self._select(_SAID % " ".join(map(_written, claims))))

    def _place(self, iri: str) -> Said | None:
        rows = self._select(_PLACE % iri)
        if not rows:
            return None
        row = rows[0]
        numbers = (int(_value(row["start"])), int(_value(row["end"])))
        return Said(iri, "", _value(row["document"]), _value(row["quote"]), *numbers)

    def _pointing(self, iri: str, most: int) -> Iterator[Pointing]:
        for row in self._select(f"{_POINTING % iri} LIMIT {most}"):
            yield Pointing(_value(row["s"]), _value(row["s_label"]), _value(row["p_label"]))

    def _select(self, query: str) -> list[Row]:
        return self._graph.select(_HEAD + query)


_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"


def _triple(row: Row) -> ox.Triple:
    subject, predicate, value = row["s"], row["p"], row["o"]
    if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
        raise TypeError(f"{subject} {predicate} is not of our making")
    if value is None:
        raise TypeError(f"{subject} has a {predicate} without a value")
    return ox.Triple(subject, predicate, value)


def _label(properties: tuple[Property, ...]) -> str:
    return next((p.values[0].text for p in properties if p.iri == _LABEL), "")


def _properties(rows: list[Row]) -> Iterator[Property]:
    found: dict[str, Property] = {}
    for row in rows:
        iri, term = _value(row["p"]), row["o"]
        named = row["o_label"] is not None
        text = _value(row["o_label"]) if named else _value(term)
        value = Value(text, term.value if isinstance(term, ox.NamedNode) else None, named)
        label = _value(row["p_label"]) if row["p_label"] is not None else ""
        old = found.get(iri, Property(iri, label, ()))
        found[iri] = msgspec.structs.replace(old, values=(*old.values, value))
    yield from found.values()


def _said(row: Row) -> Said:
    return Said(
        _value(row["claim"]),
        _value(row["kind_label"]),
        _value(row["document"]),
        _value(row["quote"]),
        int(_value(row["start"])),
        int(_value(row["end"])),
    )
