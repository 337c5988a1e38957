"""The operator changes graphs of his own, nobody changes anything else, and builds keep both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import local
from kg.generations import open_generation
from kg.lock import writing
from kg.verify import verify
from ontology.iris import DEFAULT_BASE, ONTOLOGY
from server.sparql import update_gate
from server.sparql.errors import BadRequest, QueryFailure
from server.sparql.gate import GateLimits
from tests.server.sparql.changing import LIMITS, TOKEN, Service, bare, changing

MADE = f"{DEFAULT_BASE}graph/document/kelland/x"
OWN, OTHER = f"{DEFAULT_BASE}graph/local/notes", "http://notes.example/g"
SAID = "<http://e/s> <http://e/p> 1"
HELD = [
    Quad(NamedNode("http://e/made"), NamedNode("http://e/p"), Literal("as it was"), NamedNode(MADE))
]


def insert(graph: str, said: str = SAID) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {said} }} }}"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    bare(tmp_path, HELD)
    with changing(tmp_path) as opened:
        yield opened


def generation(service: Service) -> str:
    return os.readlink(service.home / "current")


# --- who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("token", "status"), [("", 401), ("not-the-token-at-all", 401)])
def test_only_the_operator_changes_anything(service: Service, token: str, status: int) -> None:
    response = service.update(insert(OWN), token)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert generation(service) == "generations/000001"


def test_another_sites_page_changes_nothing(service: Service) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://elsewhere.example"}
    response = service.client.post("/sparql", data={"update": insert(OWN)}, headers=headers)
    assert response.status_code == 403


def test_the_description_tells_of_updates(service: Service) -> None:
    assert "SPARQL11Update" in service.client.get("/sparql").get_data(as_text=True)


# --- what --------------------------------------------------------------------------------------


@pytest.mark.parametrize("graph", [OWN, OTHER])
def test_an_update_is_seen_at_once_and_published(service: Service, graph: str) -> None:
    before = service.ask(f"ASK {{ {SAID} }}")
    response = service.update(insert(graph))
    assert response.status_code == 200, response.text
    assert response.json == {"generation": "000002", "quads": 1}
    assert (before, service.ask(f"ASK {{ GRAPH <{graph}> {{ {SAID} }} }}")) == (False, True)
    assert verify(open_generation(service.home, full=True).path).quads > 2
    assert service.update(f"CLEAR GRAPH <{graph}>").json == {"generation": "000003", "quads": 0}
    assert not service.ask(f"ASK {{ {SAID} }}")


def test_it_is_listed_in_void(service: Service) -> None:
    service.update(insert(OTHER))
    assert service.ask(f"""ASK {{ GRAPH <{DEFAULT_BASE}graph/void> {{
        ?part <http://purl.org/dc/terms/source> <{OTHER}> ;
            <http://rdfs.org/ns/void#triples> 1 }} }}""")


def test_what_documents_say_can_be_copied_from_but_not_changed(service: Service) -> None:
    copied = f"INSERT {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{MADE}> {{ ?s ?p ?o }} }}"
    assert service.update(copied).status_code == 200
    assert service.ask(f'ASK {{ GRAPH <{OWN}> {{ ?s ?p "as it was" }} }}')


REFUSED = {
    "insert": insert(MADE),
    "insert nowhere": f"INSERT DATA {{ {SAID} }}",
    "clear all": "CLEAR ALL",
    "drop named": "DROP NAMED",
    "clear": f"CLEAR GRAPH <{MADE}>",
    "exchange": 'DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p "x" } } '
    "WHERE { GRAPH ?g { ?s ?p ?o } }",
    "with": f"WITH <{MADE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    "move away": f"MOVE <{MADE}> TO <{OWN}>",
    "a new graph among ours": insert(f"{DEFAULT_BASE}graph/derived2"),
    "an empty graph among ours": f"CREATE GRAPH <{DEFAULT_BASE}graph/derived2>",
    "of our things": insert(OWN, f"<{DEFAULT_BASE}id/document/x> <http://e/p> 1"),
    "in our terms": insert(OWN, f"<http://e/s> <{ONTOLOGY}theme> 1"),
    "of our classes": insert(OWN, f"<http://e/s> a <{ONTOLOGY}Finding>"),
    "a class without a name": insert(OWN, "<http://e/s> a []"),
    "load": "LOAD <http://127.0.0.1:9/x>",
    "load in disguise": f"{insert(OWN)};\nload\tSILENT <http://127.0.0.1:9/x> INTO GRAPH <{OWN}>",
    "service": f"INSERT {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }} WHERE "
    "{ SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_the_reason(service: Service, text: str) -> None:
    response = service.update(text)
    assert response.status_code == 403, response.text
    assert response.json["detail"]
    assert generation(service) == "generations/000001"
    assert service.ask(f'ASK {{ GRAPH <{MADE}> {{ ?s ?p "as it was" }} }}')


def test_all_or_nothing(service: Service) -> None:
    assert service.update(f"{insert(OWN)} ; {insert(MADE)}").status_code == 403
    assert not service.ask(f"ASK {{ {SAID} }}")


@pytest.mark.parametrize("text", ["INSERT DATA {", "CLEAR XYZ", "SELECT * { ?s ?p ?o }"])
def test_mistakes_are_told_with_their_place(service: Service, text: str) -> None:
    response = service.update(text)
    assert (response.status_code, response.json["line"]) == (400, 1)


def test_an_update_that_changes_nothing_publishes_nothing(service: Service) -> None:
    assert service.update(f"DROP SILENT GRAPH <{OWN}>").json["generation"] == "000001"


def test_an_update_waits_for_no_build(service: Service) -> None:
    with writing(service.home):
        response = service.update(insert(OWN))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_a_runaway_update_is_stopped(tmp_path: Path) -> None:
    bare(tmp_path, HELD)
    cross = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(3))
    values = "VALUES ?v { " + " ".join(map(str, range(900))) + " } "
    text = (
        f"INSERT {{ GRAPH <{OWN}> {{ ?a0 <http://e/p> ?v }} }} WHERE {{ GRAPH ?g {{ {cross} }} "
        + "".join(values.replace("?v", f"?{name}") for name in "vwxy")
        + "}"
    )
    with changing(tmp_path, replace(LIMITS, update_seconds=1.0)) as opened:
        response = opened.update(text)
        assert response.status_code in {500, 504}, response.text
    with changing(tmp_path) as opened:
        assert opened.update(insert(OWN)).status_code == 200
    assert list((tmp_path / "generations").glob("*.tmp")) == []


# --- the gate and the dataset ------------------------------------------------------------------


def test_the_dataset_of_the_request_goes_into_each_operation() -> None:
    text = "INSERT { GRAPH <o> { ?s ?p ?o } } WHERE { ?s ?p ?o } ; DELETE { ?s ?p 1 }WHERE{ }"
    made = update_gate.check(text, GateLimits(), ("http://e/a",), ("http://e/b",))
    clauses = " USING <http://e/a> USING NAMED <http://e/b> WHERE"
    assert made == text.replace(" WHERE", clauses).replace("}WHERE", "}" + clauses)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "WITH <a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING <a> WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_is_given_once(text: str) -> None:
    with pytest.raises(BadRequest):
        update_gate.check(text, GateLimits(), ("http://e/a",))


@pytest.mark.parametrize(
    "text", [r"L\u004FAD <http://e/x>", "loadSILENT<http://e/x>", "PREFIX a: <b> ; LOAD a:x", ""]
)
def test_the_gate_refuses(text: str) -> None:
    with pytest.raises(QueryFailure):
        update_gate.check(text, GateLimits())


def test_names_and_strings_may_have_the_word_load() -> None:
    text = 'PREFIX load: <http://e/> INSERT DATA { GRAPH load:g { load:s load:p "LOAD <x>" } }'
    assert update_gate.check(text, GateLimits()) == text


def test_killed_between_file_and_generation_nothing_is_lost(service: Service) -> None:
    local.write(service.home, f'<http://e/s> <http://e/p> "mine" <{OWN}> .\n'.encode())
    assert service.update(insert(OTHER)).json["quads"] == 2
    assert service.ask('ASK { ?s ?p "mine" }')
