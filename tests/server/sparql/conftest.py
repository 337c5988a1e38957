"""A small store on disk, a pool over it, and a Flask client of the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from server.sparql.blueprint import install
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint

EX = "http://example.org/"
ROWS = 300


def write_store(path: Path, quads: Iterator[Quad] | list[Quad]) -> Path:
    """A store with these quads, closed again."""
    store = Store(str(path))
    store.bulk_extend(quads)
    store.flush()
    del store
    return path


def numbered(count: int, graph: str = "g") -> Iterator[Quad]:
    """``count`` things with a number each, spread over three named graphs."""
    for number in range(count):
        name = NamedNode(f"{EX}{graph}{number % 3}")
        value = Literal(number)
        yield Quad(NamedNode(f"{EX}s{number}"), NamedNode(f"{EX}p"), value, name)


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("sparql") / "store", numbered(ROWS))


@pytest.fixture(scope="session")
def pool(store_path: Path) -> Iterator[QueryPool]:
    limits = QueryLimits(
        seconds=5, workers=2, milliseconds_per_minute=10_000_000, errors_per_minute=10_000
    )
    with QueryPool(store_path, limits, generation="1") as opened:
        yield opened


@pytest.fixture(scope="session")
def app(pool: QueryPool) -> Flask:
    app, endpoint = Flask("sparql-test"), Endpoint(pool)
    install(app, endpoint)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
