"""The SPARQL 1.1 Service Description of the endpoint, as RDF."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    serialize,
)

from server.sparql.engine import Engine, Term
from server.sparql.formats import GRAPHS, RESULTS, Format

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
PREFIXES = {"sd": SD, "void": VOID, "formats": "http://www.w3.org/ns/formats/"}
COUNTS = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
"""One row a named graph."""


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


class Describer:
    """Write the description; what it says of the data is asked once a generation.

    Clients fetch the description before their first query and wait for it.
    """

    def __init__(self, pool: Engine, *, updates: bool = False) -> None:
        self._pool, self._updates = pool, updates
        self._known: tuple[str, list[tuple[str, int]]] = ("", [])

    def __call__(self, endpoint: str, form: Format) -> bytes:
        """The description of the endpoint at this address, in an RDF format."""
        triples = describe(endpoint, self._graphs(), updates=self._updates)
        rdf_format = RdfFormat.from_media_type(form.media_type)
        data = serialize(triples, format=rdf_format, prefixes=PREFIXES)
        return data or b""

    def _graphs(self) -> list[tuple[str, int]]:
        generation = self._pool.generation
        if self._known[0] != generation:
            rows = self._pool.select(COUNTS)
            self._known = (generation, sorted(_named_graphs(rows)))
        return self._known[1]


def _named_graphs(rows: list[dict[str, Term]]) -> Iterator[tuple[str, int]]:
    for row in rows:
        graph, triples = row["graph"], row["triples"]
        if isinstance(graph, NamedNode) and isinstance(triples, Literal):
            yield graph.value, int(triples.value)


def describe(
    endpoint: str, graphs: list[tuple[str, int]], *, updates: bool = False
) -> Iterator[Triple]:
    """The triples: the service, its features and formats, and the graphs it holds.

    Blank nodes have fixed names, so that the same description is the same bytes.
    """
    service, dataset, default = (
        NamedNode(endpoint + "#service"),
        BlankNode("dataset"),
        BlankNode("default"),
    )
    yield Triple(service, RDF_TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if updates:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for iri in _format_iris():
        yield Triple(service, _sd("resultFormat"), NamedNode(iri))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, RDF_TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, _sd("Graph"))
    yield _count(default, sum(count for _, count in graphs))
    for place, (name, count) in enumerate(graphs):
        named, graph = BlankNode(f"named{place}"), BlankNode(f"graph{place}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, RDF_TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(name))
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, RDF_TYPE, _sd("Graph"))
        yield _count(graph, count)


def _format_iris() -> Iterator[str]:
    for form in RESULTS:
        found = QueryResultsFormat.from_media_type(form.media_type)
        if found is not None:
            yield found.iri
    for form in GRAPHS:
        rdf = RdfFormat.from_media_type(form.media_type)
        if rdf is not None:
            yield rdf.iri


def _count(graph: BlankNode, triples: int) -> Triple:
    return Triple(graph, NamedNode(VOID + "triples"), Literal(str(triples), datatype=INTEGER))
