"""SPARQL 1.1 Protocol, service description and graph store, through the Flask client."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from server.sparql.blueprint import install
from server.sparql.http import Request
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint, PageContent
from server.sparql.query import Query
from tests.server.sparql.conftest import EX, ROWS, numbered, write_store

SELECT = f"SELECT ?o {{ <{EX}s7> <{EX}p> ?o }}"
ALL = "SELECT * { ?s ?p ?o }"
CONSTRUCT = f"CONSTRUCT {{ ?s <{EX}q> ?o }} {{ ?s <{EX}p> ?o }} LIMIT 2"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(client: FlaskClient, text: str, **headers: str) -> object:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", query_string={"query": text}, headers=named)


@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.get("/sparql", query_string={"query": SELECT}),
        lambda c: c.get("/sparql/", query_string={"query": SELECT}),
        lambda c: c.post("/sparql", data={"query": SELECT}),
        lambda c: c.post("/sparql", data=SELECT, content_type="application/sparql-query"),
        lambda c: c.post(
            "/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8"
        ),
    ],
)
def test_three_ways_to_ask(client: FlaskClient, send: object) -> None:
    response = send(client)  # type: ignore[operator]
    assert response.status_code == 200
    assert response.content_type == "application/sparql-results+json"
    assert response.json["results"]["bindings"][0]["o"]["value"] == "7"


@pytest.mark.parametrize(
    ("text", "accept", "content_type"),
    [
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/csv;q=0.1, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, BROWSER, "application/sparql-results+xml"),
        ("ASK {}", "application/xml", "application/sparql-results+xml"),
        (CONSTRUCT, "", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/trig", "application/trig"),
        (f"DESCRIBE <{EX}s1>", "application/n-quads", "application/n-quads"),
    ],
)
def test_format_by_accept(client: FlaskClient, text: str, accept: str, content_type: str) -> None:
    response = get(client, text, Accept=accept)
    assert response.status_code == 200  # type: ignore[attr-defined]
    assert response.content_type.startswith(content_type)  # type: ignore[attr-defined]
    assert "Accept" in response.headers["Vary"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "name", "content_type"),
    [
        (SELECT, "csv", "text/csv; charset=utf-8"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "ttl", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
    ],
)
def test_format_by_name_goes_before_accept(
    client: FlaskClient, text: str, name: str, content_type: str
) -> None:
    query = {"query": text, "format": name}
    response = client.get("/sparql", query_string=query, headers={"Accept": "text/html"})
    assert response.content_type == content_type


@pytest.mark.parametrize(
    ("send", "status", "slug"),
    [
        (lambda c: get(c, SELECT, Accept="text/turtle"), 406, "not-acceptable"),
        (lambda c: get(c, CONSTRUCT, Accept="text/csv"), 406, "not-acceptable"),
        (lambda c: get(c, SELECT, Accept="image/png"), 406, "not-acceptable"),
        (lambda c: c.get("/sparql", headers={"Accept": "text/csv"}), 406, "not-acceptable"),
        (
            lambda c: c.get("/sparql", query_string={"query": SELECT, "format": "odt"}),
            400,
            "bad-request",
        ),
        (lambda c: c.get("/sparql?query=ASK{}&query=ASK{}"), 400, "bad-request"),
        (lambda c: c.get("/sparql?query=ASK{}&timeout=0"), 400, "bad-request"),
        (lambda c: c.get("/sparql?query=ASK{}&timeout=soon"), 400, "bad-request"),
        (lambda c: c.get("/sparql?query=ASK{}&timeout=1&timeout=2"), 400, "bad-request"),
        (lambda c: c.get("/sparql?query=ASK{}&default-graph-uri=nope"), 400, "bad-request"),
        (lambda c: c.get("/sparql?query=%FF"), 400, "bad-request"),
        (lambda c: c.get("/sparql?" + "a=1&" * 1001), 400, "bad-request"),
        (lambda c: c.get("/sparql?query="), 400, "query-refused"),
        (lambda c: get(c, "SELECT * {"), 400, "syntax-error"),
        (lambda c: get(c, "ASK { FILTER" + "(" * 999), 400, "query-too-complex"),
        (lambda c: get(c, "ASK { SERVICE <a:b> {} }"), 403, "service-forbidden"),
        (lambda c: get(c, "CLEAR ALL"), 403, "update-forbidden"),
        (lambda c: c.get("/sparql?update=CLEAR ALL"), 403, "update-forbidden"),
        (lambda c: c.post("/sparql", data={"update": "CLEAR ALL"}), 403, "update-forbidden"),
        (
            lambda c: c.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update"),
            403,
            "update-forbidden",
        ),
        (lambda c: c.post("/sparql", data={"other": "1"}), 400, "bad-request"),
        (
            lambda c: c.post("/sparql", data=b"\xff", content_type="application/sparql-query"),
            400,
            "bad-request",
        ),
        (
            lambda c: c.post(
                "/sparql?query=ASK{}", data="ASK {}", content_type="application/sparql-query"
            ),
            400,
            "bad-request",
        ),
        (
            lambda c: c.post("/sparql", data="ASK {}", content_type="text/plain"),
            415,
            "unsupported-media-type",
        ),
        (
            lambda c: c.post(
                "/sparql",
                data="ASK {}".encode("utf-16"),
                content_type="application/sparql-query; charset=UTF-16",
            ),
            415,
            "unsupported-media-type",
        ),
        (lambda c: c.post("/sparql", data={"query": "x" * 70_000}), 413, "query-too-long"),
        (lambda c: c.post("/sparql", data={"query": "x" * 300_000}), 413, "query-too-long"),
        (lambda c: c.put("/sparql?query=ASK{}"), 405, "method-not-allowed"),
        (lambda c: c.delete("/sparql"), 405, "method-not-allowed"),
        (lambda c: c.get("/store"), 400, "bad-request"),
        (lambda c: c.get("/store?default&graph=a:b"), 400, "bad-request"),
        (lambda c: c.get(f"/store?graph={EX}none"), 404, "unknown-graph"),
        (lambda c: c.put(f"/store?graph={EX}g1", data=""), 403, "update-forbidden"),
        (lambda c: c.delete("/store?default"), 403, "update-forbidden"),
        (lambda c: c.get("/store?default", headers={"Accept": "a/b"}), 406, "not-acceptable"),
    ],
)
def test_refusal_is_a_problem(client: FlaskClient, send: object, status: int, slug: str) -> None:
    response = send(client)  # type: ignore[operator]
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.json["type"].endswith(":" + slug)
    assert response.json["status"] == status
    assert response.json["title"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_syntax_problem_tells_the_place(client: FlaskClient) -> None:
    problem = get(client, "SELECT * {\n ?s nope:p ?o }").json  # type: ignore[attr-defined]
    assert (problem["line"], problem["column"]) == (2, 11)


def test_limit_is_in_the_problem(client: FlaskClient) -> None:
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"}
    response = client.get("/sparql", query_string={**query, "timeout": "0.2"})
    assert response.status_code == 504
    assert response.json["limit"] == {"name": "seconds", "value": 0.2}


def test_dataset_of_the_protocol(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    one = client.get(
        "/sparql", query_string={"query": count, "default-graph-uri": EX + "g1", "format": "csv"}
    )
    assert one.text.split() == ["n", str(ROWS // 3)]
    two = client.post(
        f"/sparql?default-graph-uri={EX}g1&default-graph-uri={EX}g2&format=csv",
        data=count,
        content_type="application/sparql-query",
    )
    assert two.text.split() == ["n", str(2 * ROWS // 3)]


def test_named_graphs_of_the_protocol(client: FlaskClient) -> None:
    for graphs in ([EX + "g1"], [EX + "g1", EX + "g2"], [EX + "g2"]):
        query = {"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"}
        response = client.get(
            "/sparql", query_string={**query, "named-graph-uri": graphs, "format": "csv"}
        )
        assert response.text.split() == ["g", *graphs]


def test_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    first = get(client, ALL)
    validator = first.headers["ETag"]  # type: ignore[attr-defined]
    again = get(client, "SELECT *\n{ ?s ?p ?o } # same", If_None_Match=f'"x", {validator}')
    assert again.status_code == 304  # type: ignore[attr-defined]
    assert again.data == b""  # type: ignore[attr-defined]
    assert get(client, ALL, If_None_Match="*").status_code == 304  # type: ignore[attr-defined]
    other_format = get(client, ALL, If_None_Match=validator, Accept="text/csv")
    assert other_format.status_code == 200  # type: ignore[attr-defined]
    other_query = get(client, SELECT, If_None_Match=validator)
    assert other_query.status_code == 200  # type: ignore[attr-defined]


def test_answer_that_changes_is_never_kept(client: FlaskClient) -> None:
    first, second = (get(client, "SELECT (UUID() AS ?x) {}") for _ in range(2))
    assert first.data != second.data  # type: ignore[attr-defined]
    assert "ETag" not in first.headers  # type: ignore[attr-defined]
    assert first.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]


def test_gzip_where_it_is_taken(client: FlaskClient) -> None:
    plain = get(client, ALL, Accept_Encoding="gzip;q=0")
    packed = get(client, ALL, Accept_Encoding="br, gzip")
    assert "Content-Encoding" not in plain.headers  # type: ignore[attr-defined]
    assert packed.headers["Content-Encoding"] == "gzip"  # type: ignore[attr-defined]
    assert gzip.decompress(packed.data) == plain.data  # type: ignore[attr-defined]
    assert len(packed.data) == packed.content_length  # type: ignore[attr-defined]


def test_head_and_preflight(client: FlaskClient) -> None:
    whole = client.get("/sparql", query_string={"query": SELECT})
    head = client.head("/sparql", query_string={"query": SELECT})
    assert head.data == b""
    assert head.content_length == len(whole.data)
    preflight = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "PUT" not in client.options("/store").headers["Allow"]


def test_service_description(client: FlaskClient) -> None:
    first, second = client.get("/sparql"), client.get("/sparql", headers={"Accept": "*/*"})
    assert first.content_type == "text/turtle; charset=utf-8"
    assert first.data == second.data
    triples = {quad.triple for quad in parse(first.data, RdfFormat.TURTLE)}
    endpoints = [t.object.value for t in triples if t.predicate.value.endswith("#endpoint")]
    assert endpoints == ["http://localhost/sparql"]
    names = {t.object.value for t in triples if t.predicate.value.endswith("description#name")}
    assert names == {f"{EX}g{number}" for number in range(3)}
    held = client.get("/sparql", headers={"If-None-Match": first.headers["ETag"]})
    assert held.status_code == 304


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/trig"]
)
def test_graph_is_read_whole(client: FlaskClient, accept: str) -> None:
    response = client.get(f"/store?graph={EX}g1", headers={"Accept": accept})
    rdf_format = RdfFormat.from_media_type(accept)
    assert rdf_format is not None
    assert len(list(parse(response.data, rdf_format))) == ROWS // 3
    again = client.head(f"/store?graph={EX}g1", headers={"Accept": accept})
    assert again.content_length == len(response.data)
    same = {"Accept": accept, "If-None-Match": response.headers["ETag"]}
    assert client.get(f"/store?graph={EX}g1", headers=same).status_code == 304


def test_default_graph_is_there_though_empty(client: FlaskClient) -> None:
    response = client.get("/store?default")
    assert (response.status_code, response.data) == (200, b"")


def test_people_get_the_page(pool: QueryPool) -> None:
    shown: list[PageContent] = []

    def page(content: PageContent) -> str:
        shown.append(content)
        return "<p>page</p>"

    endpoint = Endpoint(pool, page=page)
    for query in (b"", b"query=ASK%7B%7D", b"query=ASK%7B"):
        request = Request("GET", "http://e/sparql", query_string=query, accept=BROWSER)
        response = endpoint.handle(request)
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.read() == b"<p>page</p>"
    empty, answered, failed = shown
    assert (empty.query, empty.result, empty.error) == ("", None, None)
    assert (answered.query, answered.kind) == ("ASK{}", "boolean")
    assert json.loads(answered.result or b"") == {"head": {}, "boolean": True}
    assert failed.query == "ASK{"
    assert failed.error is not None
    assert failed.error.status == response.status == 400
    program = Request("GET", "http://e/sparql", query_string=b"query=ASK%7B%7D", accept="*/*")
    assert endpoint.handle(program).headers["Content-Type"].endswith("+json")
    named = Request(
        "GET", "http://e/sparql", query_string=b"query=ASK%7B%7D&format=xml", accept=BROWSER
    )
    assert endpoint.handle(named).headers["Content-Type"].endswith("+xml")


def test_answers_come_from_the_cache_until_the_data_changes(tmp_path: Path) -> None:
    limits = QueryLimits(workers=1, seconds=5)
    with QueryPool(write_store(tmp_path / "a", numbered(3)), limits, generation="a") as pool:
        endpoint = Endpoint(pool)
        request = Request("GET", "http://e/sparql", query_string=b"format=csv&query=" + COUNT)
        first = endpoint.handle(request)
        served = pool.visitors.workers()[0].served
        assert endpoint.handle(request).read() == first.read() == b"n\r\n3\r\n"
        assert pool.visitors.workers()[0].served == served
        pool.switch(write_store(tmp_path / "b", numbered(5)), "b")
        changed = endpoint.handle(request)
        assert changed.read() == b"n\r\n5\r\n"
        assert changed.headers["ETag"] != first.headers["ETag"]


def test_what_was_asked_is_answered_ahead_from_the_next_generation(tmp_path: Path) -> None:
    following = write_store(tmp_path / "b", numbered(5))
    limits = QueryLimits(workers=1)
    with QueryPool(write_store(tmp_path / "a", numbered(3)), limits, generation="a") as pool:
        endpoint = Endpoint(pool)
        request = Request("GET", "http://e/sparql", query_string=b"format=csv&query=" + COUNT)
        assert endpoint.handle(request).read() == b"n\r\n3\r\n"
        assert endpoint.renew(following, "b", lambda: False) == 1
        assert endpoint.handle(request).read() == b"n\r\n3\r\n"
        pool.switch(following, "b")
        endpoint.only("b")
        assert endpoint.handle(request).read() == b"n\r\n5\r\n"
        assert [worker.served for worker in pool.visitors.workers()] == [0]


def test_a_query_that_fails_ends_what_is_answered_ahead(tmp_path: Path) -> None:
    store = write_store(tmp_path / "a", numbered(3))
    with QueryPool(store, QueryLimits(workers=1)) as pool:
        good, bad = Query("ASK {}"), Query("ASK {")
        found = pool.beforehand(store, "b", [good, bad, good])
        assert [json.loads(answer.read())["boolean"] for answer in found] == [True]


def test_where_nothing_is_kept_each_query_is_run(tmp_path: Path) -> None:
    limits = QueryLimits(workers=1, cache_bytes=0)
    with QueryPool(write_store(tmp_path / "a", numbered(3)), limits) as pool:
        endpoint = Endpoint(pool)
        request = Request("GET", "http://e/sparql", query_string=b"format=csv&query=" + COUNT)
        assert endpoint.handle(request).read() == endpoint.handle(request).read()
        assert [worker.served for worker in pool.visitors.workers()] == [2]
        assert endpoint.renew(tmp_path / "a", "b", lambda: False) == 0


COUNT = b"SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"


@pytest.fixture
def poor(store_path: Path) -> Iterator[FlaskClient]:
    """A client of an endpoint whose budget is one millisecond of query time a minute."""
    with QueryPool(store_path, QueryLimits(workers=1, milliseconds_per_minute=1)) as pool:
        app, endpoint = Flask("poor"), Endpoint(pool)
        install(app, endpoint)
        yield app.test_client()


def test_too_many_mistakes_are_refused_with_retry_after(store_path: Path) -> None:
    limits = QueryLimits(workers=1, errors_per_minute=3)
    with QueryPool(store_path, limits) as pool:
        app = Flask("careless")
        install(app, Endpoint(pool))
        client = app.test_client()
        statuses = [client.get("/sparql?query=SELECT").status_code for _ in range(4)]
        assert statuses == [400, 400, 400, 429]
        refused = client.get("/sparql?query=ASK{}")
        assert refused.json["limit"]["name"] == "failed queries per minute"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        other = client.get("/sparql?query=ASK{}", environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert other.status_code == 200


def test_spent_budget_is_refused_with_retry_after(poor: FlaskClient) -> None:
    assert poor.get("/sparql?query=ASK{}").status_code == 200
    refused = poor.get("/sparql?query=ASK{?s ?p 1}")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["limit"]["name"] == "query seconds per minute"
    kept = poor.get("/sparql?query=ASK{}")
    assert kept.status_code == 200, "what is in the cache costs nothing"
    other = poor.get("/sparql?query=ASK{?s ?p 1}", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert other.status_code == 200
