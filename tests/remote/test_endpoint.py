"""Visitors' SPARQL on a remote store: the answers and refusals of the embedded one."""

from __future__ import annotations

import gc
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.generations import Generation
from kg.remote.graph import RemoteGraph
from kg.remote.settings import StoreSettings
from ontology.examples import examples, prefixed
from server.sparql.blueprint import install
from server.sparql.engine import Engine
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from server.sparql.remote import RemotePool
from tests.remote.engines import free_port

LIMITS = QueryLimits(
    seconds=60, workers=2, milliseconds_per_minute=10_000_000, errors_per_minute=10_000
)
FG = "PREFIX fg: <https://w3id.org/findings-graph/ontology#> "
SELECT = FG + "SELECT ?f ?c { ?f a fg:Finding ; fg:confidence ?c } ORDER BY ?f"


def _client(engine: Engine) -> FlaskClient:
    app, endpoint = Flask("remote-test"), Endpoint(engine)
    install(app, endpoint)
    return app.test_client()


@pytest.fixture(scope="module")
def local(generation: Generation) -> Iterator[FlaskClient]:
    with QueryPool(generation.store, LIMITS, generation="1") as pool:
        yield _client(pool)


@pytest.fixture(scope="module")
def client(remote: RemoteGraph) -> FlaskClient:
    return _client(RemotePool(remote, LIMITS, generation="1"))


def ask(client: FlaskClient, query: str, accept: str = "") -> tuple[int, bytes]:
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    return answer.status_code, answer.data


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_solutions_are_the_same_bytes(client: FlaskClient, local: FlaskClient, accept: str) -> None:
    assert ask(client, SELECT, accept) == ask(local, SELECT, accept)


def test_graphs_hold_the_same_triples(client: FlaskClient, local: FlaskClient) -> None:
    query = FG + "CONSTRUCT { ?f a fg:Seen } WHERE { ?f a fg:Finding }"
    one, two = (ask(c, query, "application/n-triples") for c in (client, local))
    assert one[0] == two[0] == 200
    assert sorted(one[1].splitlines()) == sorted(two[1].splitlines())


@pytest.mark.parametrize(("kind", "true"), [("fg:Finding", True), ("fg:Nothing", False)])
def test_ask(client: FlaskClient, kind: str, true: bool) -> None:
    status, body = ask(client, f"{FG} ASK {{ ?f a {kind} }}")
    assert (status, json.loads(body)["boolean"]) == (200, true)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_example_queries_have_the_same_rows(
    client: FlaskClient, local: FlaskClient, example: object
) -> None:
    query = prefixed(example.query)  # type: ignore[attr-defined]
    if "SERVICE" in query:
        pytest.skip("a search is answered before any engine sees the query")
    one, two = (ask(c, query, "text/csv, application/n-triples") for c in (client, local))
    assert one[0] == two[0] == 200
    assert sorted(one[1].splitlines()) == sorted(two[1].splitlines())


def test_one_graph(client: FlaskClient, local: FlaskClient) -> None:
    path = "/store?graph=https://w3id.org/findings-graph/graph/derived&format=nt"
    one, two = client.get(path), local.get(path)
    assert one.status_code == 200
    assert sorted(one.data.splitlines()) == sorted(two.data.splitlines())
    assert client.get("/store?graph=https://w3id.org/findings-graph/graph/no").status_code == 404


def test_a_data_set_of_the_request(client: FlaskClient, local: FlaskClient) -> None:
    graph = "https://w3id.org/findings-graph/graph/derived"
    fields = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default-graph-uri": graph}
    headers = {"Accept": "text/csv"}
    one, two = (c.post("/sparql", data=fields, headers=headers) for c in (client, local))
    assert one.data == two.data


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        ("INSERT DATA { <a:b> <a:c> 1 }", 403),
        ("SELECT * { ?s ?p ", 400),
        ("", 400),
        ('define get:soft "replacing" SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }', 400),
        ("SELECT (bif:http_get('http://127.0.0.1:1/') AS ?x) {}", 403),
        ("SELECT (<bif:file_to_string>('/etc/passwd') AS ?x) {}", 403),
        ("SELECT (sql:user() AS ?x) {}", 403),
        ("SELECT (b\\u0069f:user() AS ?x) {}", 403),
        (f"SELECT * {{ {'{' * 200}{'}' * 200} }}", 400),
    ],
)
def test_what_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert ask(client, query)[0] == status


def test_more_rows_than_an_answer_may_have(remote: RemoteGraph) -> None:
    few = QueryLimits(
        seconds=10, rows=10, milliseconds_per_minute=10_000_000, errors_per_minute=10_000
    )
    client = _client(RemotePool(remote, few, generation="1"))
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        status, body = ask(client, query)
        assert (status, b"10 rows" in body) == (422, True)


def test_more_bytes_than_an_answer_may_have(remote: RemoteGraph) -> None:
    few = QueryLimits(
        seconds=10, bytes=2000, milliseconds_per_minute=10_000_000, errors_per_minute=10_000
    )
    status, body = ask(_client(RemotePool(remote, few, generation="1")), "SELECT * { ?s ?p ?o }")
    assert (status, b"bytes" in body) == (422, True)


def test_results_end_in_the_thread_that_made_them(
    remote: RemoteGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine cannot free them in another, where they would stay for ever."""
    wrong: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", wrong.append)
    few = QueryLimits(rows=10, milliseconds_per_minute=10_000_000)
    client = _client(RemotePool(remote, few, generation="1"))
    gc.collect()
    gc.disable()
    try:
        assert ask(client, "SELECT * { ?s ?p ?o }")[0] == 422
        collecting = threading.Thread(target=gc.collect)
        collecting.start()
        collecting.join()
    finally:
        gc.enable()
    assert wrong == []


def test_a_store_that_is_lost() -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    graph = RemoteGraph(StoreSettings(sparql_url=url), "https://e/")
    answer = _client(RemotePool(graph, LIMITS, generation="1")).get("/sparql?query=" + "ASK{}")
    graph.close()
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert b"graph store cannot be reached" in answer.data


class Trickle(BaseHTTPRequestHandler):
    """Sends one byte after the other and never ends."""

    ended: threading.Event

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.ended.wait(0.05):
            self.wfile.write(b" ")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_a_store_that_never_ends_meets_the_deadline() -> None:
    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("T", (Trickle,), {"ended": ended}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/query"
    graph = RemoteGraph(StoreSettings(sparql_url=url), "https://e/")
    limits = QueryLimits(seconds=0.5, milliseconds_per_minute=10_000_000, errors_per_minute=10_000)
    status, body = ask(_client(RemotePool(graph, limits, generation="1")), "ASK {}")
    ended.set()
    graph.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert (status, b"0.5 seconds" in body) == (504, True)
