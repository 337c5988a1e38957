"""An endpoint whose operator may change graphs, over a data directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from pyoxigraph import Quad

from kg import catalogue, generations, store
from kg.generations import Manifest
from ontology.iris import DEFAULT_BASE
from server.operator import Operator
from server.sparql.blueprint import install
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from server.sparql.updates import Updater

TOKEN = "a-token-of-the-tests"  # noqa: S105 - opens nothing
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
LIMITS = QueryLimits(
    workers=1,
    per_client=1,
    own_workers=1,
    milliseconds_per_minute=10_000_000,
    errors_per_minute=10_000,
)


def bare(home: Path, quads: list[Quad]) -> Path:
    """A published generation of these quads alone, with no documents."""
    fresh = generations.begin(home)
    counts = {"quads": store.write(fresh / "store", quads)}
    catalogue.write(fresh / "documents.sqlite", [])
    made = Manifest(fresh.stem, "bare", DEFAULT_BASE, "", "", "hashing", counts, (), {})
    generations.seal(fresh, made)
    return generations.publish(home, fresh)


@dataclass
class Service:
    """A client of the endpoint, its data directory and its pool."""

    client: FlaskClient
    home: Path
    pool: QueryPool

    def update(self, text: str, token: str = TOKEN, **more: Any) -> Any:
        """Send an update; with no token where it is ""."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.post("/sparql", data={"update": text}, headers=headers, **more)

    def ask(self, text: str) -> bool:
        """The answer to an ASK."""
        response = self.client.get("/sparql", query_string={"query": text, "format": "json"})
        assert response.status_code == 200, response.text
        found: bool = response.json["boolean"]
        return found


@contextmanager
def changing(home: Path, limits: QueryLimits = LIMITS, token: str = TOKEN) -> Iterator[Service]:
    """The endpoint over what a data directory serves."""
    served = generations.open_generation(home)
    with QueryPool(served.store, limits, generation=served.path.name) as pool:

        def take_up(name: str) -> None:
            pool.switch(home / "generations" / name / "store", name)

        updater = Updater(home, Operator(SecretStr(token)), take_up, replace(limits))
        endpoint = Endpoint(pool, updater=updater)
        app = Flask("changing")
        install(app, endpoint)
        yield Service(app.test_client(), home, pool)
