"""The service over the sample generation, with its graph in every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.remote.settings import StoreSettings
from search.stores import Stores
from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from tests.remote.engines import ENGINES, REMOTE
from tests.server.sample import publish, records


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that nobody writes to again."""
    path = tmp_path_factory.mktemp("data")
    publish(path, records())
    return path


@pytest.fixture(scope="session", params=["embedded", *REMOTE])
def stores(
    request: pytest.FixtureRequest, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stores]:
    """Where the graph lives."""
    if request.param == "embedded":
        yield Stores(home, StoreSettings())
        return
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as settings:
        remote = Stores(home, settings)
        assert remote.push()
        yield remote
        remote.close()


@pytest.fixture(scope="session")
def web(home: Path, stores: Stores) -> Flask:
    """The application, without SPARQL."""
    settings = Settings(data=home, model="hashing", contact="help@kelland.example")
    return create_app(settings, library=GenerationLibrary(home, "hashing", stores))


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    """A browser that sends nothing of its own."""
    return web.test_client()
