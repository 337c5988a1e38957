"""Every IRI of ours that stands in the graph leads to something, in every form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.generations import open_generation
from kg.store import GraphStore
from ontology.iris import DEFAULT_BASE
from server.app import create_app
from server.library import GenerationLibrary
from server.pages.sparql import render
from server.rdf import FORMS
from server.settings import Settings
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint

MEDIA = ["text/html", *(form.media_type for form in FORMS)]
EACH = 4
"""How many things of a kind are tried."""


@pytest.fixture(scope="module")
def whole(home: Path) -> Iterator[FlaskClient]:
    """The service with its endpoint."""
    limits = QueryLimits(workers=1, milliseconds_per_minute=10**7)
    with QueryPool(open_generation(home).store, limits) as pool:
        settings = Settings(data=home, model="hashing", log_requests=False)
        library = GenerationLibrary(home, "hashing")
        yield create_app(
            settings, library=library, endpoint=Endpoint(pool, page=render)
        ).test_client()


def addresses(home: Path) -> list[str]:
    """The paths of our IRIs, a few of each kind."""
    terms = {
        term.value
        for quad in GraphStore(open_generation(home).store).quads()
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode) and term.value.startswith(DEFAULT_BASE)
    }
    paths = sorted({"/" + iri.removeprefix(DEFAULT_BASE).partition("#")[0] for iri in terms})
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault("/".join(path.split("/")[:3]), []).append(path)
    return [path for some in kinds.values() for path in some[:EACH]]


@pytest.mark.parametrize("media_type", MEDIA)
def test_every_iri_leads_somewhere(whole: FlaskClient, home: Path, media_type: str) -> None:
    found = addresses(home)
    assert {path.split("/")[1] for path in found} == {"id", "graph", "ontology", "scheme"}
    for path in found:
        answer = whole.get(path, headers={"Accept": media_type}, follow_redirects=True)
        assert answer.status_code == 200, path
        assert answer.content_type.startswith(media_type), path


def test_a_concept_is_told_with_its_label(whole: FlaskClient) -> None:
    answer = whole.get("/scheme/theme/supervision", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    assert "Accept" in answer.headers["Vary"].split(", ")
    told = whole.get(answer.location).get_data(as_text=True)
    assert "scheme/theme/supervision> a skos:Concept" in told


def test_a_term_is_a_fragment_of_the_page(whole: FlaskClient) -> None:
    page = whole.get("/ontology").get_data(as_text=True)
    assert 'id="RecurringIssue"' in page


@pytest.mark.parametrize("path", ["/scheme/theme/none", "/graph/none", "/ontology/none"])
def test_what_is_not_there(whole: FlaskClient, path: str) -> None:
    headers = {"Accept": "text/turtle"}
    assert whole.get(path, headers=headers, follow_redirects=True).status_code == 404


@pytest.mark.parametrize("accept", ["application/sparql-results+xml", "application/rdf+xml"])
def test_what_a_browser_could_take_for_a_page_runs_nothing(whole: FlaskClient, accept: str) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1" if "rdf" in accept else "ASK {}"
    answer = whole.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
