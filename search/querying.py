"""SPARQL for people at their own machine: a query in, the answer in the format asked for.

Visitors' queries never come here; they run in confined processes of the server.
"""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from kg.errors import QueryError
from kg.graphs import Graph
from ontology.terms import PREFIXES
from search.opened import Opened
from search.service import Search, rewritten

RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def asked(opened: Opened, query: str, name: str | None = None) -> bytes:
    """The answer to a query in which semantic search may stand; see :mod:`search.service`.

    :raises QueryError: when the query or a search in it cannot be read.
    """
    return run(opened.store, rewritten(query, opened.base, searching(opened)), name)


def searching(opened: Opened) -> Search:
    """The search of a generation, as a clause of a query asks for it; the model is loaded
    at the first."""
    return lambda text, filters, limit: opened.searcher.search(text, filters, limit=limit)


def run(store: Graph, query: str, name: str | None = None) -> bytes:
    """The answer to a query; without a format, solutions as TSV and graphs as Turtle.

    :raises QueryError: when the query cannot be parsed or has no answer in the format.
    """
    answer = store.query(query)
    if isinstance(answer, QuerySolutions | QueryBoolean):
        chosen = RESULTS.get(
            name or "tsv" if isinstance(answer, QuerySolutions) else name or "json"
        )
        if chosen is None:
            raise _unfit(name, RESULTS)
        return answer.serialize(format=chosen) or b""
    graph = GRAPHS.get("jsonld" if name == "json" else name or "ttl")
    if graph is None:
        raise _unfit(name, GRAPHS)
    prefixes = {str(name): iri for name, iri in PREFIXES.items()}
    return serialize(answer, format=graph, prefixes=prefixes) or b""


def _unfit(
    name: str | None, known: dict[str, QueryResultsFormat] | dict[str, RdfFormat]
) -> QueryError:
    return QueryError(f"This query has no answer as {name!r}.", cure=f"Use {', '.join(known)}.")
