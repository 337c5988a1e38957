"""Semantic search inside SPARQL: hits in place of the clause, and nothing else reachable."""

from __future__ import annotations

import json

import pytest

from kg.errors import QueryError
from search.filters import Filters
from search.opened import Opened
from search.querying import asked
from search.search import Results
from search.service import clauses, rewritten

BASE = "https://w3id.org/findings-graph/"
CLAUSE = (
    "PREFIX s: <https://w3id.org/findings-graph/search#>\n"
    "SELECT * WHERE { SERVICE <https://w3id.org/findings-graph/search> { "
    '[] s:text "late plans" ; s:limit 3 ; s:authority "kelland" ; s:passage ?p ; s:score ?s } }'
)


class _Search:
    def __init__(self) -> None:
        self.asked: list[tuple[str, Filters, int]] = []

    def __call__(self, text: str, filters: Filters, limit: int) -> Results:
        self.asked.append((text, filters, limit))
        return Results(text, (), {}, 0)


def test_the_clause_is_answered_before_the_query_is_run() -> None:
    search = _Search()
    query = rewritten(CLAUSE, BASE, search)
    assert search.asked == [("late plans", Filters(authority=("kelland",)), 3)]
    assert "SERVICE" not in query
    assert "VALUES (?p ?s)" in query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://elsewhere.example/> { ?a ?b ?c } }",
        'SELECT * { ?a ?b "SERVICE <https://w3id.org/findings-graph/search> { }" }',
        "SELECT * { ?a ?b ?c } # SERVICE <https://w3id.org/findings-graph/search> { }",
        "SELECT * { ?a ?b ?c }",
    ],
)
def test_everything_else_is_left_as_it_is(query: str) -> None:
    search = _Search()
    assert rewritten(query, BASE, search) == query
    assert search.asked == []


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ('s:text "late plans"', "s:text ?words"),
        ('s:text "late plans" ;', ""),
        ("s:limit 3", "s:limit 100000"),
        ("s:limit 3", "s:colour 3"),
        ("s:limit 3", "{ s:limit 3 }"),
        ("s:authority", "<http://elsewhere.example/x>"),
    ],
)
def test_a_clause_that_cannot_be_read_is_refused(part: str, instead: str) -> None:
    with pytest.raises(QueryError):
        rewritten(CLAUSE.replace(part, instead), BASE, _Search())


def test_too_many_searches_are_refused() -> None:
    head, clause = CLAUSE.split("SELECT * WHERE ")
    query = f"{head}SELECT * WHERE {{ {clause} {clause} {clause} {clause} }}"
    with pytest.raises(QueryError):
        rewritten(query, BASE, _Search())


def test_words_keep_their_escapes_and_prefixes_their_meaning() -> None:
    query = CLAUSE.replace('"late plans"', r'"a \"quoted\" plan"').replace(
        "SERVICE <https://w3id.org/findings-graph/search>", "SERVICE SILENT x:search"
    )
    query = f"PREFIX x: <{BASE}>\n{query}"
    assert [clause.text for clause in clauses(query, BASE)] == ['a "quoted" plan']


def test_hits_join_with_the_graph(opened: Opened) -> None:
    query = f"""
    PREFIX s: <{BASE}search#>
    PREFIX fg: <https://w3id.org/findings-graph/ontology#>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    SELECT ?words ?score WHERE {{
      SERVICE <{BASE}search> {{
        [] s:text "supervision is rare" ; s:finding ?finding ; s:score ?score }}
      ?finding oa:hasSelector/oa:exact ?words .
    }} ORDER BY DESC(?score)"""
    rows = json.loads(asked(opened, query, "json"))["results"]["bindings"]
    assert any("too rare" in row["words"]["value"] for row in rows)


def test_filters_hold_for_the_findings_too(opened: Opened) -> None:
    query = f"""
    PREFIX s: <{BASE}search#>
    PREFIX fg: <https://w3id.org/findings-graph/ontology#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT DISTINCT ?polarity WHERE {{
      SERVICE <{BASE}search> {{
        [] s:text "supervision of social workers" ; s:polarity "weakness" ; s:limit 50 ;
           s:finding ?finding }}
      ?finding fg:polarity/skos:notation ?polarity .
    }}"""
    rows = json.loads(asked(opened, query, "json"))["results"]["bindings"]
    assert [row["polarity"]["value"] for row in rows] == ["weakness"]


def test_more_like_a_finding_leaves_its_own_passage_out(opened: Opened) -> None:
    finding = next(row["iri"] for row in opened.facts.list("findings") if "rare" in row["quote"])
    thing = str(finding).removeprefix(f"{opened.base}id/")
    place = opened.searcher.place(thing)
    assert place is not None
    document, start, end = place
    assert "rare" in (opened.catalogue.text(document, start, end) or "")
    like = opened.searcher.more_like(thing).results
    assert like
    assert not any(r.document.id == document and r.start <= start and end <= r.end for r in like)
