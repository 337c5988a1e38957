"""The W3C SPARQL query suite through our endpoint and through the engine alone.

    python -m benchmarks.sparql_suite FOLDER

FOLDER holds ``sparql10`` and ``sparql11`` with their manifests, as in rdflib's source
distribution (``test/data/suites/w3c``). Each test is run both ways over the same data. The
answers are compared with each other, which is stricter than comparing which tests pass: where
they are equal, both pass or both fail. Prints the differences; exit status 1 if one is
not a refusal on purpose.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

from server.sparql.http import Request
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
ACCEPT = "application/sparql-results+json, application/n-triples"
REFUSED = "refused 403"
BASE = "http://localhost/sparql"
SYNTAX = {
    "PositiveSyntaxTest",
    "NegativeSyntaxTest",
    "PositiveSyntaxTest11",
    "NegativeSyntaxTest11",
}
EVALUATION = {"QueryEvaluationTest", "CSVResultFormatTest"}
LIMITS = QueryLimits(
    seconds=20,
    workers=1,
    per_client=1,
    own_workers=1,
    milliseconds_per_minute=10**9,
    errors_per_minute=10**9,
)


@dataclass(frozen=True, order=True)
class Case:
    """One test: its data (default graph, named graphs) and its query."""

    data: tuple[str, ...]
    named: tuple[str, ...]
    name: str
    query: str
    kind: str


def cases(folder: Path) -> Iterator[Case]:
    """Every query test of all manifests under the folder."""
    for path in sorted(folder.rglob("manifest.ttl")):
        graph = Graph().parse(path, publicID=path.as_uri())
        for entries in graph.objects(None, MF.entries):
            for test in Collection(graph, entries):
                yield from _case(graph, test)


def _case(graph: Graph, test: URIRef) -> Iterator[Case]:
    kind = str(graph.value(test, RDF.type)).partition("#")[2]
    action = graph.value(test, MF.action)
    if kind in SYNTAX:
        yield Case((), (), str(test), str(action), kind)
    elif kind in EVALUATION:
        data = tuple(sorted(map(str, graph.objects(action, QT.data))))
        named = tuple(sorted(map(str, graph.objects(action, QT.graphData))))
        yield Case(data, named, str(test), str(graph.value(action, QT.query)), kind)


def _path(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))


def fill(store: ox.Store, data: tuple[str, ...], named: tuple[str, ...]) -> None:
    """Load the files of a test."""
    for uri in data:
        _load(store, uri, ox.DefaultGraph())
    for uri in named:
        _load(store, uri, ox.NamedNode(uri))


def _load(store: ox.Store, uri: str, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    path = _path(uri)
    rdf_format = ox.RdfFormat.from_extension(path.suffix[1:])
    store.load(path=str(path), format=rdf_format, base_iri=uri, to_graph=graph)


def answer_of_engine(store: ox.Store, text: str) -> str:
    """The engine's own answer, in a form that can be compared."""
    try:
        found = store.query(text, base_iri=BASE)
        if isinstance(found, ox.QueryTriples):
            return _canonical_graph(list(found))
        data = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except SyntaxError:
        return "syntax error"
    except (ValueError, RuntimeError, OSError):
        return "not evaluated"
    return _canonical_results(data)


def answer_of_endpoint(endpoint: Endpoint, text: str) -> str:
    """What our endpoint answers, in the same form."""
    request = Request(
        "POST", BASE, content_type="application/sparql-query", body=text.encode(), accept=ACCEPT
    )
    response = endpoint.handle(request)
    data = response.read()
    if response.status == 200 and "n-triples" in response.headers["Content-Type"]:
        return _canonical_graph([q.triple for q in ox.parse(data, ox.RdfFormat.N_TRIPLES)])
    if response.status == 200:
        return _canonical_results(data)
    if response.status == 400:
        return "syntax error" if b"syntax-error" in data else "not evaluated"
    return f"refused {response.status} {data[:120].decode(errors='replace')}"


def _canonical_results(data: bytes) -> str:
    found = ox.parse_query_results(data, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return str(bool(found))
    names = [variable.value for variable in found.variables]
    rows = [[row[name] for name in names] for row in found]
    lines = (" ".join(_shape(term) for term in row) for row in rows)
    return repr((names, sorted(lines), _sharing(rows)))


def _shape(term: object) -> str:
    return "_" if isinstance(term, ox.BlankNode) else str(term)


def _sharing(rows: list[list[object]]) -> list[int]:
    """How often each blank node is used: equal for results that differ in labels alone."""
    nodes = [term for row in rows for term in row if isinstance(term, ox.BlankNode)]
    return sorted(Counter(nodes).values())


def _canonical_graph(triples: list[ox.Triple]) -> str:
    dataset = ox.Dataset([ox.Quad(t.subject, t.predicate, t.object) for t in triples])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return repr(sorted(map(str, dataset)))


def run(folder: Path) -> Iterator[tuple[Case, str, str]]:
    """Each test with both answers."""
    for key, group in groupby(sorted(cases(folder)), lambda case: (case.data, case.named)):
        with tempfile.TemporaryDirectory() as place:
            store = ox.Store(place)
            fill(store, *key)
            store.flush()
            del store
            reader = ox.Store.read_only(place)
            with QueryPool(place, LIMITS) as pool:
                endpoint = Endpoint(pool, union=False)
                for case in group:
                    text = _path(case.query).read_text(encoding="utf-8")
                    ours = answer_of_endpoint(endpoint, text)
                    # What is refused must not be run here either: it would call other hosts.
                    refused = ours.startswith(REFUSED)
                    yield case, "" if refused else answer_of_engine(reader, text), ours


def main(folder: str) -> int:
    """Print counts and differences; 1 if an answer differs that is not refused on purpose."""
    counts: Counter[tuple[str, str]] = Counter()
    for case, engine, ours in run(Path(folder).resolve()):
        verdict = "equal" if engine == ours else "different"
        if ours.startswith(REFUSED):
            verdict = "refused on purpose"
        counts[case.kind, verdict] += 1
        if verdict != "equal":
            print(f"{verdict}: {case.name}\n  engine: {engine[:300]}\n  ours:   {ours[:300]}")
    for (kind, verdict), number in sorted(counts.items()):
        print(f"{number:5} {verdict:20} {kind}")
    return int(any(verdict == "different" for _, verdict in counts))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
