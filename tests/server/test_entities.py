"""Things by their addresses, and their RDF."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.model import Record
from tests.server.sample import records

THING = "inspection/kelland/2020-03-02-inspection"
BASE = "https://w3id.org/findings-graph/id/"
FORMS = [
    (".ttl", "text/turtle", ox.RdfFormat.TURTLE),
    (".jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
    (".nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    (".rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
]


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/html", ""),
        ("", ""),
        ("*/*", ""),
        ("application/xhtml+xml", ""),
        ("text/turtle", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("application/rdf+xml", ".rdf"),
        ("text/html;q=0.5, text/turtle", ".ttl"),
        ("application/n-triples;q=0.2, application/ld+json;q=0.9", ".jsonld"),
    ],
)
def test_an_identifier_sends_each_client_to_its_form(
    client: FlaskClient, accept: str, suffix: str
) -> None:
    answer = client.get(f"/id/{THING}", headers={"Accept": accept})
    assert (answer.status_code, answer.location) == (303, f"/doc/{THING}{suffix}")
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


def test_a_form_that_is_not_there_is_refused_with_what_is(client: FlaskClient) -> None:
    answer = client.get(f"/id/{THING}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


@pytest.mark.parametrize(("suffix", "media_type", "form"), FORMS)
def test_every_form_says_the_same(
    client: FlaskClient, suffix: str, media_type: str, form: ox.RdfFormat
) -> None:
    answer = client.get(f"/doc/{THING}{suffix}?context=inline")
    assert answer.content_type == f"{media_type}; charset=utf-8"
    plain = client.get(f"/doc/{THING}.nt")
    said = {quad.triple for quad in ox.parse(answer.data, format=form)}
    assert said == {quad.triple for quad in ox.parse(plain.data, format=ox.RdfFormat.N_TRIPLES)}
    assert {triple.subject.value for triple in said} == {BASE + THING}


def test_a_claim_comes_with_the_words_that_say_it(client: FlaskClient) -> None:
    report: Record = records()[0]
    found = client.get("/api/v1/findings").json["findings"][-1]  # type: ignore[index]
    triples = list(ox.parse(client.get(f"/doc/finding/{found['id']}.nt").data, format=FORMS[2][2]))
    exact = [q.object.value for q in triples if q.predicate.value.endswith("oa#exact")]
    assert exact == [found["text"]]
    assert found["text"] in report.document.text


def test_rdf_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get(f"/doc/{THING}.ttl")
    again = client.get(f"/doc/{THING}.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("slug", ["none", "a b", "x>y", "%3E%3C", "..%2f..%2fetc", "é"])
def test_no_such_thing(client: FlaskClient, slug: str) -> None:
    for suffix in ("", ".ttl"):
        assert client.get(f"/doc/post/{slug}{suffix}").status_code == 404
