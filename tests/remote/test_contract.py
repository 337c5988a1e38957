"""What every graph promises, wherever it lives; and the same answers from all."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.generations import Generation
from kg.graphs import Graph
from kg.store import GraphStore
from ontology.iris import Minter
from search.describe import Describer
from search.facts import Facts
from search.graph import StoreGraph
from search.lists import text_of
from search.querying import run
from tests.remote.lists import LISTS

FG = "PREFIX fg: <https://w3id.org/findings-graph/ontology#> "


@pytest.fixture(scope="module")
def held(generation: Generation) -> GraphStore:
    """What the answers are compared with."""
    return GraphStore(generation.store)


def _lines(quads: object) -> list[str]:
    return sorted(map(str, quads))  # type: ignore[call-overload]


def test_it_holds_every_quad_of_every_graph(graph: Graph, held: GraphStore) -> None:
    assert len(graph) == len(held)
    assert {name.value for name in graph.names()} == {name.value for name in held.names()}
    assert _lines(graph.quads()) == _lines(held.quads())


def test_one_graph_can_be_had(graph: Graph, held: GraphStore) -> None:
    name = Minter().graph("derived")
    assert _lines(graph.graph(name)) == _lines(held.graph(name))
    assert list(graph.graph(Minter().graph("nothing"))) == []


def test_select_sees_all_graphs_together(graph: Graph) -> None:
    rows = list(graph.select(FG + "SELECT ?d { ?d a fg:Document } ORDER BY ?d"))
    assert len(rows) == 2


@pytest.mark.parametrize(("kind", "true"), [("fg:Document", True), ("fg:Nothing", False)])
def test_ask(graph: Graph, kind: str, true: bool) -> None:
    assert bool(graph.query(f"{FG} ASK {{ ?d a {kind} }}")) is true


def test_construct_gives_triples(graph: Graph) -> None:
    triples = list(graph.query(FG + "CONSTRUCT { ?d a fg:Seen } WHERE { ?d a fg:Document }"))  # type: ignore[arg-type]
    assert len(triples) == 2
    assert all(isinstance(triple, ox.Triple) for triple in triples)


def test_what_is_no_sparql_is_a_query_error(graph: Graph) -> None:
    with pytest.raises(QueryError):
        graph.select("SELECT ?s WHERE { ?s ?p ")


def test_only_select_has_solutions(graph: Graph) -> None:
    with pytest.raises(QueryError, match="SELECT"):
        graph.select("ASK { ?s ?p ?o }")


@pytest.mark.parametrize("kind", LISTS)
def test_lists_are_the_same(graph: Graph, held: GraphStore, kind: str) -> None:
    assert text_of(kind)
    one, two = Facts(StoreGraph(graph)), Facts(StoreGraph(held))
    assert one.list(kind) == two.list(kind)
    assert one.count(kind) == two.count(kind)


def test_things_are_described_the_same(graph: Graph, held: GraphStore) -> None:
    issue = Minter().thing("issue", "kelland/supervision-12345678").value
    one, two = Describer(StoreGraph(graph)), Describer(StoreGraph(held))
    assert one.thing(issue, 100) == two.thing(issue, 100) is not None
    assert _lines(one.triples(issue)) == _lines(two.triples(issue)) != []


def test_pages_of_what_points_to_a_concept_hold_each_claim_once(
    graph: Graph, held: GraphStore
) -> None:
    concept = "https://w3id.org/findings-graph/scheme/basis/stated"
    one, two = Describer(StoreGraph(graph)), Describer(StoreGraph(held))
    whole = two.thing(concept, 10_000)
    assert whole is not None
    assert len(whole.said) == whole.said_total > 3
    pages = [one.thing(concept, 3, start) for start in range(0, whole.said_total, 3)]
    claims = [said.claim for page in pages if page is not None for said in page.said]
    assert sorted(claims) == sorted(said.claim for said in whole.said)
    assert len(set(claims)) == len(claims)


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml"])
def test_answers_are_written_the_same(graph: Graph, held: GraphStore, name: str) -> None:
    query = FG + "SELECT ?f ?c { ?f a fg:Finding ; fg:confidence ?c } ORDER BY ?f"
    assert run(graph, query, name) == run(held, query, name)
