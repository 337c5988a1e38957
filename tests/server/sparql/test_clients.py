"""Real clients against the endpoint on a real socket."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import SPARQLWrapper
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from tests.server.sparql.conftest import EX, ROWS
from tests.server.sparql.live import served
from tests.server.sparql.test_pool import RUNAWAY, wait_for

SELECT = f"SELECT ?o {{ <{EX}s7> <{EX}p> ?o }}"


@pytest.fixture(scope="module")
def address(pool: QueryPool) -> Iterator[str]:
    with served(pool) as found:
        yield found + "/sparql"


@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
@pytest.mark.parametrize("how", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
def test_sparqlwrapper_select(address: str, method: str, how: str) -> None:
    if (method, how) == (SPARQLWrapper.GET, SPARQLWrapper.POSTDIRECTLY):
        pytest.skip("not a way of the protocol")
    client = SPARQLWrapper.SPARQLWrapper(address)
    client.setMethod(method)
    client.setRequestMethod(how)
    client.setReturnFormat(SPARQLWrapper.JSON)
    client.setQuery(SELECT)
    found = client.query()
    rows = found.convert()["results"]["bindings"]
    found.response.close()
    assert [row["o"]["value"] for row in rows] == ["7"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (SPARQLWrapper.TURTLE, f"DESCRIBE <{EX}s1>"),
        (SPARQLWrapper.RDFXML, f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o . <{EX}s1> ?p ?o }}"),
        (SPARQLWrapper.CSV, SELECT),
        (SPARQLWrapper.XML, "ASK {}"),
    ],
)
def test_sparqlwrapper_formats(address: str, name: str, text: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(address)
    client.setReturnFormat(name)
    client.setQuery(text)
    found = client.query()
    result = found.convert()
    found.response.close()
    assert len(result) == 1 if isinstance(result, Graph) else result


def test_sparqlwrapper_tells_bad_queries(address: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(address)
    client.setQuery("SELECT * {")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(address: str, method: str) -> None:
    graph = Graph(SPARQLStore(address, method=method))
    assert [row[0].toPython() for row in graph.query(SELECT)] == [7]
    assert len(list(graph.triples((URIRef(EX + "s1"), None, None)))) == 1
    assert bool(graph.query("ASK {}"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(address: str) -> None:
    def curl(*arguments: str) -> str:
        command = ["curl", "-sS", "--compressed", *arguments, address]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    assert curl("-H", "Accept: text/csv", "--data-urlencode", "query=" + SELECT).split() == [
        "o",
        "7",
    ]
    direct = ("-H", "Content-Type: application/sparql-query", "--data-binary", SELECT)
    assert json.loads(curl(*direct))["results"]["bindings"][0]["o"]["value"] == "7"
    assert "sd:endpoint <" + address + ">" in curl()
    whole = curl("-H", "Accept: text/csv", "-G", "--data-urlencode", "query=SELECT * {?s ?p ?o}")
    assert len(whole.splitlines()) == ROWS + 1


def test_client_that_hangs_up_ends_its_query(store_path: Path) -> None:
    """Long before its deadline."""
    limits = QueryLimits(seconds=600, workers=1, per_client=1)
    query = urllib.parse.quote(RUNAWAY)
    with QueryPool(store_path, limits) as pool, served(pool) as address:
        port = urllib.parse.urlsplit(address).port
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wait_for(lambda: pool.visitors.counts()["busy"] == 1)
        wait_for(lambda: pool.visitors.counts()["busy"] == 0)
        assert pool.query("ASK {}").kind == "boolean"
