"""Every example query: told, answered in the sample, and found again inside the graph."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store

from kg.partitions import measure
from kg.quads.dataset import GRAPH, dataset_quads
from ontology.examples import Example, examples, prefixed
from ontology.iris import ONTOLOGY, Minter
from ontology.schemes import ontology_quads

SAMPLE = Path(__file__).parent / "cases/examples/graph.ttl"


@pytest.fixture(scope="module")
def store() -> Store:
    minter, store = Minter(), Store()
    base, graph = "https://example.org/sample", minter.graph("derived")
    store.load(path=SAMPLE, format=RdfFormat.TURTLE, base_iri=base, to_graph=graph)
    store.extend(ontology_quads(minter.graph("ontology")))
    store.extend(list(dataset_quads(measure(store), minter)))
    return store


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_each_example_answers_in_every_column(store: Store, example: Example) -> None:
    answer = store.query(example.query, use_default_graph_as_union=True)
    if isinstance(answer, QueryBoolean):
        assert bool(answer)
        return
    rows = list(answer)
    assert rows
    if isinstance(answer, QuerySolutions):
        names = [variable.value for variable in answer.variables]
        empty = {n for n in names if all(row[n] is None for row in rows)}  # type: ignore[index]
        assert not empty


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_each_term_of_an_example_is_in_the_ontology(store: Store, example: Example) -> None:
    used = set(re.findall(r"\bfg:(\w+)", example.query))
    ontology = Minter().graph("ontology")
    for name in used:
        found = store.quads_for_pattern(NamedNode(ONTOLOGY + name), None, None, ontology)
        assert next(found, None), f"fg:{name} is not in the ontology"


def test_the_description_stands_in_a_graph_of_its_own(store: Store) -> None:
    graph = Minter().graph(GRAPH)
    own = set(store.quads_for_pattern(None, None, None, graph))
    assert own == set(dataset_quads(measure(_without(store, graph)), Minter()))


def _without(store: Store, graph: NamedNode) -> Store:
    copy = Store()
    copy.extend(quad for quad in store if quad.graph_name != graph)
    return copy


def test_there_are_enough_and_each_is_told() -> None:
    found = examples()
    assert len(found) >= 25
    assert len({example.title for example in found}) == len(found)
    assert all(len(example.description) > 20 for example in found)
    assert {example.form for example in found} == {"select", "ask", "construct"}


def test_editors_find_examples_and_prefixes_in_the_graph(store: Store) -> None:
    query = prefixed(
        "SELECT ?title ?query { ?e a sh:SPARQLExecutable ; rdfs:label ?title ; "
        "sh:select|sh:ask|sh:construct|sh:describe ?query ; sh:prefixes/sh:declare ?d . "
        '?d sh:prefix "fg" ; sh:namespace ?iri }'
    )
    rows = list(store.query(query, use_default_graph_as_union=True))  # type: ignore[arg-type]
    assert {row["query"].value for row in rows} == {example.query for example in examples()}


def test_the_graph_counts_itself(store: Store) -> None:
    query = prefixed(
        "SELECT ?class ?n ?found { ?part void:class ?class ; void:entities ?n . "
        "{ SELECT ?class (COUNT(DISTINCT ?thing) AS ?found) { ?thing a ?class "
        "FILTER(!STRSTARTS(STR(?class), STR(sh:)) && !STRSTARTS(STR(?class), STR(void:)) "
        "&& !STRSTARTS(STR(?class), STR(dcat:))) } GROUP BY ?class } }"
    )
    rows = list(store.query(query, use_default_graph_as_union=True))  # type: ignore[arg-type]
    assert len(rows) > 10
    assert all(row["n"] == row["found"] for row in rows)


def test_prefixes_are_declared_once_and_only_where_used() -> None:
    assert prefixed("SELECT * { ?s fg:a <http://skos:1/> }").count("PREFIX") == 1
    declared = "prefix fg: <http://example.org/>\nSELECT * { ?s fg:a ?o }"
    assert prefixed(declared) == declared
    assert prefixed("SELECT * { ?s fg:a/skos:b ?o }").count("PREFIX") == 2


def test_examples_are_files_of_their_own() -> None:
    folder = Path(__file__).parent.parent / "ontology/examples"
    assert {example.id for example in examples()} == {path.stem for path in folder.glob("*.rq")}
