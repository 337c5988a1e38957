"""The W3C protocol, service description and graph store tests, run over the endpoint.

Every query-side test has to pass. Tests that need updates are refused on purpose where no operator
is known, and the refusal is what is tested; with the operator's token they pass as they stand, over
a store that holds nothing made from documents (they begin with CLEAR ALL).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from server.sparql.blueprint import install
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from tests.server.sparql.changing import HEADERS, bare, changing
from tests.server.sparql.conftest import write_store

SUITE = Path(__file__).resolve().parents[4] / "shared" / "suites" / "w3c"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C suites are not beside the checkout"),
]

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
TEST = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
DATA = "http://kasei.us/2009/09/sparql/data/"

REFUSED_ON_PURPOSE = {
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
}
TABULAR = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"}
RDF = {"text/turtle", "application/n-triples", "application/rdf+xml"}


def manifest() -> Graph:
    graph = Graph()
    if SUITE.is_dir():
        graph.parse(SUITE / "protocol" / "manifest.ttl")
    return graph


MANIFEST = manifest()


def names() -> list[str]:
    return sorted(str(test)[len(TEST) :] for test in MANIFEST.subjects(MF.name))


def one(node: Node, predicate: URIRef) -> Any:
    return MANIFEST.value(node, predicate)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(f"{DATA}data{n}.rdf"))
        for n in (1, 2, 3)
        for triple in parse(path=SUITE / "protocol" / f"data{n}.nt", format=RdfFormat.N_TRIPLES)
    ]
    store = write_store(tmp_path_factory.mktemp("w3c") / "store", quads)
    with QueryPool(store, QueryLimits(workers=1, errors_per_minute=10_000)) as pool:
        app, endpoint = Flask("w3c"), Endpoint(pool)
        install(app, endpoint)
        yield app.test_client()


def send(client: FlaskClient, request: Node, more: dict[str, str] | None = None) -> Any:
    """One ht:Request of the manifest, as it stands there."""
    path = str(one(request, HT.absolutePath))
    body = one(request, HT.body)
    data = None
    if body is not None:
        encoding = str(one(body, CNT.characterEncoding) or "UTF-8")
        data = str(one(body, CNT.chars)).encode(encoding)
    fields = one(request, HT.headers)
    headers = [
        (str(one(field, HT.fieldName)), str(one(field, HT.fieldValue)))
        for field in (Collection(MANIFEST, fields) if fields else ())
    ]
    headers += list((more or {}).items())
    return client.open(path, method=str(one(request, HT.methodName)), data=data, headers=headers)


def check(response: Any, expected: Node) -> None:
    classes = {str(code)[-3] for code in MANIFEST.objects(expected, MF.expectedStatus)}
    assert str(response.status_code)[0] in classes, response.text
    kind, boolean = one(expected, MF.expectedFormat), one(expected, MF.expectedBoolean)
    media_type = response.content_type.partition(";")[0]
    if kind is not None:
        allowed = RDF if kind == Literal("RDF") else TABULAR
        assert media_type in allowed
    if boolean is not None:
        assert json.loads(response.data)["boolean"] is boolean.toPython()


@pytest.mark.parametrize("name", names())
def test_protocol(client: FlaskClient, name: str) -> None:
    action = one(URIRef(TEST + name), MF.action)
    requests = list(Collection(MANIFEST, one(action, HT.requests)))
    if name in REFUSED_ON_PURPOSE:
        response = send(client, requests[0])
        assert response.status_code == 403
        assert response.json["type"].endswith("update-forbidden")
        return
    for request in requests:
        check(send(client, request), one(request, HT.resp))


@pytest.mark.parametrize("name", [name for name in names() if "update" in name])
def test_protocol_with_the_operators_token(tmp_path: Path, name: str) -> None:
    action = one(URIRef(TEST + name), MF.action)
    bare(tmp_path, [])
    with changing(tmp_path) as service:
        for request in Collection(MANIFEST, one(action, HT.requests)):
            check(send(service.client, request, HEADERS), one(request, HT.resp))


def test_the_whole_protocol_suite_is_run() -> None:
    assert len(names()) == 34
    assert set(names()) >= REFUSED_ON_PURPOSE


def test_service_description_returns_rdf(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "application/rdf+xml, text/turtle;q=0.5"})
    assert response.status_code == 200
    assert len(Graph().parse(data=response.data, format="xml")) > 0


def test_service_description_has_one_matching_endpoint(client: FlaskClient) -> None:
    for path in ("/sparql", "/sparql/"):
        graph = Graph().parse(data=client.get(path).data, format="turtle")
        sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
        assert list(graph.objects(None, sd.endpoint)) == [URIRef("http://localhost" + path)]


def test_service_description_conforms_to_schema(client: FlaskClient) -> None:
    """Each property has a subject and an object of the classes that the vocabulary gives it."""
    graph = Graph().parse(data=client.get("/sparql").data, format="turtle")
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    a = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    ranges = {
        sd.defaultDataset: (sd.Service, sd.Dataset),
        sd.defaultGraph: (sd.Dataset, sd.Graph),
        sd.namedGraph: (sd.Dataset, sd.NamedGraph),
        sd.graph: (sd.NamedGraph, sd.Graph),
    }
    for predicate, (domain, range_) in ranges.items():
        pairs = list(graph.subject_objects(predicate))
        assert pairs
        assert all((s, a, domain) in graph and (o, a, range_) in graph for s, o in pairs)
    features = set(graph.objects(None, sd.feature))
    assert features <= {sd.UnionDefaultGraph, sd.DereferencesURIs, sd.EmptyGraphs}
    assert all(isinstance(name, URIRef) for name in graph.objects(None, sd.name))


GRAPH_STORE_WRITES = ["PUT", "DELETE", "POST"]


def test_graph_store_get_and_head_of_a_graph(client: FlaskClient) -> None:
    """get_of_put__initial_state, head_on_an_existing_graph: the graph as it was put."""
    path = "/store?graph=" + quote(DATA + "data1.rdf", safe="")
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.content_type == "text/turtle; charset=utf-8"
    expected = Graph().parse(SUITE / "protocol" / "data1.nt", format="nt")
    assert set(Graph().parse(data=response.data, format="turtle")) == set(expected)
    head = client.head(path, headers={"Accept": "text/turtle"})
    assert (head.status_code, head.content_length) == (200, len(response.data))


def test_graph_store_of_a_graph_that_is_not_there(client: FlaskClient) -> None:
    """get_of_delete__existing_graph, head_on_a_nonexisting_graph."""
    for method in ("GET", "HEAD"):
        assert client.open("/store?graph=http://e/none", method=method).status_code == 404


def test_graph_store_default_graph(client: FlaskClient) -> None:
    """get_of_put__default_graph: it is always there."""
    assert client.get("/store?default").status_code == 200


@pytest.mark.parametrize("method", GRAPH_STORE_WRITES)
def test_graph_store_writes_are_refused_on_purpose(client: FlaskClient, method: str) -> None:
    for path in ("/store?default", "/store?graph=http://e/g", "/store"):
        assert client.open(path, method=method, data="").status_code == 403
