"""What the gate lets through and what it refuses, by text alone."""

from __future__ import annotations

import pytest

from server.sparql.errors import (
    GateRefusal,
    QueryTooLong,
    QueryTooNested,
    ServiceForbidden,
    UpdateForbidden,
)
from server.sparql.gate import GateLimits, check

CALL = "<http://example.org/sparql>"

ORDINARY = [
    "SELECT * { ?s ?p ?o }",
    "ASK {}",
    "PREFIX service: <http://example.org/service/> SELECT * { ?s a service:Thing ; ?p ?o }",
    "PREFIX ex: <http://e/> SELECT ?service { ?service a ex:Service ; ex:service ?x . }",
    "SELECT * { ?s ?p 'the service was inspected' }",
    'SELECT * { ?s ?p """children\'s SERVICE <http://x> { }""" }',
    "SELECT * { ?s <http://example.org/service#SERVICE> ?o } # SERVICE <http://x> {}",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "SELECT * { FILTER(?a < 1 && ?b > 2) }",
    "PREFIX ex: <http://e/> SELECT * { ?s ex:a\\'b ?service }",
    "SELECT * { ?s ?p ?o FILTER(?p IN (<http://e/#a>, <http://e/#service>)) }",
]

CALLING = [
    f"SELECT * {{ SERVICE {CALL} {{}} }}",
    f"SELECT * {{ service SILENT {CALL} {{}} }}",
    f"SELECT * {{ SeRvIcE{CALL}{{}} }}",
    f"SELECT * {{ OPTIONAL {{ SERVICE {CALL} {{}} }} }}",
    f"SELECT * {{ FILTER EXISTS {{ SERVICE {CALL} {{}} }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE {CALL} {{}} }} }} }}",
    "SELECT * { SERVICE ?where { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { SERVICESILENT:x { ?s ?p ?o } }",
    f"SELECT * {{ ?a ?b trueSERVICE{CALL}{{}} }}",
    f"SELECT * {{ ?a ?b 1.SERVICE{CALL}{{}} }}",
    f"PREFIX ex: <http://e/> SELECT * {{ ?a ?b ex:.SERVICE{CALL}{{}} }}",
    f"SELECT * {{ #\r SERVICE {CALL} {{}} }}",
    f"SELECT * {{ BIND('\\'' AS ?x) SERVICE {CALL} {{}} #' }}",
    f"SELECT * {{ ?a ?b <http://e/\\u0041#> . SERVICE {CALL} {{}} }}",
    f"PREFIX ex: <http://e/> SELECT * {{ ?a ?b ex:x\\' . SERVICE {CALL} {{}} # ' }}",
    f"PREFIX ex: <http://e/> SELECT * {{ ?a ?b ex:x\\# . SERVICE {CALL} {{}} }}",
    f'SELECT * {{ FILTER(1<2#>"""\n) SERVICE {CALL} {{}} #"""\n }}',
    f"SELECT * {{ FILTER(1<'>') SERVICE {CALL} {{}} #'\n }}",
    f"SELECT * {{ \\u0053ERVICE {CALL} {{}} }}",
    f"SELECT * {{ \\U00000053\\u0065rvice {CALL} {{}} }}",
    f'SELECT * {{ BIND("\\u0022 AS ?x) SERVICE {CALL} {{}} #" AS ?y) }}',
    f"SELECT * {{ \uff33\uff25\uff32\uff36\uff29\uff23\uff25 {CALL} {{}} }}",
]

UPDATES = [
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "PREFIX select: <http://e/> DELETE WHERE { ?s ?p ?o }",
    "# SELECT\nLOAD <http://example.org/data>",
    "CLEAR ALL",
    "DROP GRAPH <a:b>",
    "CREATE GRAPH <a:b>",
    "COPY DEFAULT TO <a:b>",
    "MOVE <a:a> TO <a:b>",
    "ADD <a:a> TO <a:b>",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "BASE <http://e/> insert { ?s ?p ?o } where { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_query_passes(text: str) -> None:
    assert check(text).text == text


@pytest.mark.parametrize("text", CALLING)
def test_service_is_refused_in_any_spelling(text: str) -> None:
    with pytest.raises(ServiceForbidden) as refusal:
        check(text)
    assert refusal.value.status == 403


@pytest.mark.parametrize("text", UPDATES)
def test_update_is_refused_with_reason(text: str) -> None:
    with pytest.raises(UpdateForbidden, match="not a query") as refusal:
        check(text)
    assert refusal.value.status == 403


def test_a_service_can_be_allowed_by_its_iri() -> None:
    allowed = frozenset({"http://example.org/search"})
    check("SELECT * { SERVICE <http://example.org/search> { ?s ?p ?o } }", GateLimits(), allowed)
    check("SELECT * { service silent <http://example.org/search> {} }", GateLimits(), allowed)
    for other in (f"SERVICE {CALL} {{}}", "SERVICE ?x {}", "SERVICE <http://example.org/search"):
        both = f"SELECT * {{ SERVICE <http://example.org/search> {{}} {other} }}"
        with pytest.raises(ServiceForbidden):
            check(both, GateLimits(), allowed)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "SELECT"),
        ("PREFIX ask: <http://e/> BASE <http://e/> CONSTRUCT {} WHERE {}", "CONSTRUCT"),
        ("# SELECT\nDESCRIBE <a:b>", "DESCRIBE"),
        ("ASK{}", "ASK"),
        ("nonsense", "NONSENSE"),
        ("<a:b>", ""),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(text: str, form: str) -> None:
    assert check(text).form == form


@pytest.mark.parametrize(
    ("text", "limits", "name", "status"),
    [
        ("SELECT * { ?s ?p '" + "é" * 40 + "' }", GateLimits(bytes=80), "query bytes", 413),
        ("ASK { FILTER(((1))) }", GateLimits(depth=3), "bracket depth", 400),
        ("ASK " + "{" * 129 + "}" * 129, GateLimits(), "bracket depth", 400),
        ("SELECT * { VALUES ?x { 1 2 3 } }", GateLimits(tokens=9), "number of tokens", 400),
        ("ASK { FILTER(1-1-1-1-1) }", GateLimits(tokens=12), "number of tokens", 400),
        ("ASK { {} UNION {} UNION {} }", GateLimits(chain=1), "number of UNION", 400),
        ("ASK { FILTER(1||1||1) }", GateLimits(chain=1), "number of ||", 400),
        ("ASK { FILTER(1&&1&&1) }", GateLimits(chain=1), "number of &&", 400),
        ("ASK { OPTIONAL {} optional {} }", GateLimits(chain=1), "number of OPTIONAL", 400),
    ],
)
def test_limit_is_named(text: str, limits: GateLimits, name: str, status: int) -> None:
    with pytest.raises((QueryTooLong, QueryTooNested)) as refusal:
        check(text, limits)
    assert refusal.value.limit is not None
    assert refusal.value.limit[0] == name
    assert refusal.value.status == status


def test_brackets_in_strings_and_comments_are_not_nesting() -> None:
    check("ASK { ?s ?p '((((((((' } # ((((((((((", GateLimits(depth=2))


def test_limits_are_inclusive() -> None:
    check("ASK " + "{" * 128 + "}" * 128)
    check("ASK { " + "{} UNION " * 1000 + "{} }")


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_empty_query_is_refused(text: str) -> None:
    with pytest.raises(GateRefusal, match="empty"):
        check(text)


def test_half_a_character_is_no_query() -> None:
    with pytest.raises(GateRefusal, match="Unicode"):
        check("SELECT * { ?s ?p '\ud800' }")


def test_white_space_and_comments_do_not_make_another_query() -> None:
    one = check("SELECT *\n{ ?s ?p 'a  b' } # all")
    same = check("SELECT * {  ?s\t?p # this\n 'a  b' }")
    other = check("SELECT * { ?s ?p 'a b' }")
    assert one.normal == same.normal
    assert one.normal != other.normal


@pytest.mark.parametrize("word", ["NOW()", "rand()", "UUID()", "StrUUID()"])
def test_query_that_differs_from_run_to_run_is_known(word: str) -> None:
    assert not check(f"SELECT ({word} AS ?x) {{}}").lasting
    assert check(f"SELECT ('{word}' AS ?x) {{}}").lasting


def test_own_dataset_is_seen() -> None:
    assert check("SELECT * FROM <a:g> { ?s ?p ?o }").own_dataset
    assert not check("SELECT ?from { ?from ?p 'from' }").own_dataset
