"""The whole service over a remote graph: it takes up what is complete and outlives the store."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kg.remote.settings import StoreSettings
from search.stores import Stores
from server.serve import service
from server.settings import Settings
from tests.remote.engines import free_port, oxigraph
from tests.server.sample import publish, records

FG = "PREFIX fg: <https://w3id.org/findings-graph/ontology#> "
ISSUE = "/doc/issue/kelland/supervision-12345678"
COUNT = FG + "SELECT (COUNT(*) AS ?n) { ?d a fg:Document }"


def _until(true: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


def _environment(monkeypatch: pytest.MonkeyPatch, settings: StoreSettings) -> None:
    for name in ("sparql_url", "sparql_update_url", "sparql_graph_url"):
        monkeypatch.setenv(f"FINDINGS_{name.upper()}", getattr(settings, name))


def test_a_generation_is_served_once_the_store_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, engine, port = tmp_path / "data", tmp_path / "engine", free_port()
    engine.mkdir()
    publish(home, records()[:1])
    with oxigraph(engine, port=port) as settings:
        _environment(monkeypatch, settings)
        stores = Stores(home)
        stores.push()
        with service(Settings(data=home, model="hashing", sparql_workers=1)) as app:
            client = app.test_client()

            def documents() -> int:
                rows = client.get("/sparql?" + urlencode({"query": COUNT})).json
                return int(rows["results"]["bindings"][0]["n"]["value"])  # type: ignore[index]

            def served() -> str:
                return str(json.loads(client.get("/api/v1/status").data)["generation"])

            assert (served(), documents()) == ("000001", 1)
            publish(home, records())
            app.extensions["library"].look_again()
            assert served() == "000001"  # built here, but not yet in the store
            stores.push()
            stores.close()
            assert _until(lambda: served() == "000002")
            assert _until(lambda: documents() == 2)


def test_a_lost_store_is_told_and_pages_come_back_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, engine, port = tmp_path / "data", tmp_path / "engine", free_port()
    engine.mkdir()
    publish(home, records())
    with oxigraph(engine, port=port) as settings:
        _environment(monkeypatch, settings)
        stores = Stores(home)
        stores.push()
        stores.close()
        running = service(Settings(data=home, model="hashing", sparql_workers=1))
        client = running.__enter__().test_client()
        assert client.get(f"{ISSUE}.ttl").status_code == 200
    try:
        lost = client.get(f"{ISSUE}.ttl")  # asked anew each time, unlike lists
        assert lost.status_code == 503
        assert "graph store" in lost.text
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/api/v1/search?q=supervision").status_code == 200
        with oxigraph(engine, port=port):
            assert client.get(f"{ISSUE}.ttl").status_code == 200
            assert _until(lambda: client.get("/readyz").status_code == 200)
    finally:
        running.__exit__(None, None, None)
