"""What programs find: VoID and DCAT, dumps, and the JSON-LD context."""

from __future__ import annotations

import csv
import gzip
import io
import json
import socket
import urllib.parse

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pyld import jsonld

from ontology.context import context
from ontology.schemes import turtle
from ontology.terms import term
from search.export import NAMES
from server.rdf import FORMS

WHOLE = ox.NamedNode("https://w3id.org/findings-graph/id/dataset/graph")
THING = "/doc/inspection/kelland/2020-03-02-inspection"


def _void(client: FlaskClient) -> ox.Store:
    store = ox.Store()
    answer = client.get("/.well-known/void")
    assert answer.content_type == "text/turtle; charset=utf-8"
    store.load(answer.data, format=ox.RdfFormat.TURTLE)
    return store


def _dump(client: FlaskClient, name: str) -> bytes:
    with client.get(f"/dumps/{name}") as answer:
        return answer.data


def _values(store: ox.Store, name: ox.NamedNode) -> list[str]:
    return [q.object.value for q in store.quads_for_pattern(WHOLE, name, None)]  # type: ignore[union-attr]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_the_data_set_is_told_in_every_form(client: FlaskClient, form: object) -> None:
    media_type = form.media_type  # type: ignore[attr-defined]
    answer = client.get("/.well-known/void", headers={"Accept": media_type})
    assert answer.content_type == f"{media_type}; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(
        "/.well-known/void",
        headers={"Accept": media_type, "If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304


def test_what_cannot_be_had_is_refused(client: FlaskClient) -> None:
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/.well-known/void", headers={"Accept": "text/html"}).status_code == 200
    assert client.get("/dumps/passwords.csv").status_code == 404


def test_the_data_set_names_its_dumps_and_they_are_there(client: FlaskClient) -> None:
    store = _void(client)
    places = _values(store, term("dcat", "distribution"))
    assert len(places) == len(NAMES)
    for place in places:
        with client.get(urllib.parse.urlsplit(place).path) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_dumps_of_the_graph_are_the_graph(client: FlaskClient) -> None:
    forms = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    found, trig, linked = (
        set(ox.parse(gzip.decompress(_dump(client, f"graph.{name}.gz")), form))
        for name, form in forms.items()
    )
    assert found == trig == linked
    (told,) = _values(_void(client), term("void", "triples"))
    graph = ox.NamedNode("https://w3id.org/findings-graph/graph/void")
    assert int(told) == sum(quad.graph_name != graph for quad in found)


def test_tables_agree(client: FlaskClient) -> None:
    rows = json.loads(_dump(client, "findings.json"))
    lines = list(csv.DictReader(io.StringIO(_dump(client, "findings.csv").decode())))
    book = load_workbook(io.BytesIO(_dump(client, "findings.xlsx")), read_only=True)
    sheet = book.active
    assert sheet is not None
    head, *cells = sheet.iter_rows(values_only=True)
    book.close()
    place = head.index("text")
    assert rows
    assert [row["text"] for row in rows] == [line["text"] for line in lines]
    assert [row["text"] for row in rows] == [cell[place] for cell in cells]


def test_every_term_of_the_ontology_is_in_the_context() -> None:
    store = ox.Store()
    store.extend(turtle())
    start = "https://w3id.org/findings-graph/ontology#"
    kinds = ("ObjectProperty", "DatatypeProperty", "Class")
    for kind in kinds:
        for quad in store.quads_for_pattern(None, None, term("owl", kind)):
            name = quad.subject.value.removeprefix(start)  # type: ignore[union-attr]
            told = context()[name]
            assert (told["@id"] if isinstance(told, dict) else told) == f"fg:{name}"


def test_a_processor_that_loads_the_context_reads_the_same_triples(client: FlaskClient) -> None:
    def load(url: str, options: object) -> dict[str, object]:
        answer = client.get(urllib.parse.urlsplit(url).path)
        return {"contextUrl": None, "documentUrl": url, "document": answer.get_json(force=True)}

    document = client.get(f"{THING}.jsonld").get_json(force=True)
    assert document["@context"] == "http://localhost/context/v1.jsonld"
    options = {"documentLoader": load, "format": "application/n-quads"}
    quads = jsonld.to_rdf(document, options)
    plain = client.get(f"{THING}.nt").data
    assert _triples(quads.encode()) == _triples(plain)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_json_ld_reads_as_its_terms(client: FlaskClient) -> None:
    document = client.get(f"{THING}.jsonld?context=inline").get_json(force=True)
    assert document["id"].endswith("id/inspection/kelland/2020-03-02-inspection")
    assert {"Event", "Inspection"} <= set(document["type"])
    assert "label" in document
    assert isinstance(document["authority"], str)
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert len(graph) == len(_triples(client.get(f"{THING}.nt").data))


def _triples(data: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, ox.RdfFormat.N_QUADS)}


@pytest.mark.parametrize("query", ["", "?context=inline"])
def test_json_ld_is_written_without_a_call_to_anyone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """The context is named by the host that the request claims to be for."""
    called: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    answer = client.get(f"{THING}.jsonld{query}", base_url="http://127.0.0.2:9")
    assert called == []
    named = answer.get_json(force=True)["@context"]
    assert bool(query) or named == "http://127.0.0.2:9/context/v1.jsonld"
