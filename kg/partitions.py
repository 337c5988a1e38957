"""How much of what a graph holds: the counts that VoID describes a data set by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_CLASSES = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?c"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p"
_USES = """
SELECT ?c ?p (COUNT(*) AS ?n) (MIN(?o) AS ?least) (MAX(?o) AS ?most)
{ GRAPH ?g { ?s a ?c ; ?p ?o } } GROUP BY ?c ?p
"""
_KINDS = "SELECT DISTINCT ?o ?c { VALUES ?o { %s } GRAPH ?g { ?o a ?c } }"

Pair = tuple[str, str]


class Partitions(msgspec.Struct, frozen=True):
    """Counts by IRI: triples of each graph, things of each class, uses of each property.

    ``uses`` are counts of a property with things of a class in one graph; ``targets`` the
    classes, and ``datatypes`` the datatypes, of the first and last of its values: enough for
    editors to complete from, and cheap. A triple that two graphs hold counts twice.
    """

    graphs: dict[str, int]
    classes: dict[str, int]
    properties: dict[str, int]
    uses: dict[Pair, int]
    targets: dict[Pair, set[str]]
    datatypes: dict[Pair, set[str]]


def measure(store: Store) -> Partitions:
    """The counts over all graphs of a store."""
    uses: dict[Pair, int] = {}
    datatypes: dict[Pair, set[str]] = defaultdict(set)
    things: dict[Pair, set[NamedNode]] = defaultdict(set)
    for row in _rows(store, _USES):
        pair = (_iri(row["c"]), _iri(row["p"]))
        uses[pair] = _number(row["n"])
        for value in (row["least"], row["most"]):
            if isinstance(value, Literal):
                datatypes[pair].add(value.datatype.value)
            elif isinstance(value, NamedNode):
                things[pair].add(value)
    kinds = _kinds(store, {thing for some in things.values() for thing in some})
    return Partitions(
        _counts(store, _GRAPHS, "g"),
        _counts(store, _CLASSES, "c"),
        _counts(store, _PROPERTIES, "p"),
        uses,
        {pair: {k for thing in some for k in kinds[thing]} for pair, some in things.items()},
        datatypes,
    )


def _kinds(store: Store, things: set[NamedNode]) -> dict[NamedNode, set[str]]:
    """The classes of each of these things."""
    found: dict[NamedNode, set[str]] = defaultdict(set)
    for row in _rows(store, _KINDS % " ".join(map(str, things))):
        thing = row["o"]
        if isinstance(thing, NamedNode):
            found[thing].add(_iri(row["c"]))
    return found


def _counts(store: Store, query: str, name: str) -> dict[str, int]:
    return {_iri(row[name]): _number(row["n"]) for row in _rows(store, query)}


def _rows(store: Store, query: str) -> Iterator[QuerySolution]:
    found = store.query(query)
    if not isinstance(found, QuerySolutions):
        raise TypeError("only SELECT queries count")
    yield from found


def _iri(term: object) -> str:
    if not isinstance(term, NamedNode):
        raise TypeError(f"{term} is not an IRI")
    return term.value


def _number(term: object) -> int:
    if not isinstance(term, Literal):
        raise TypeError(f"{term} is not a count")
    return int(term.value)
