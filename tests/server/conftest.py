"""The service over the sample generation."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from tests.server.sample import publish, records


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that nobody writes to again."""
    path = tmp_path_factory.mktemp("data")
    publish(path, records())
    return path


@pytest.fixture(scope="session")
def web(home: Path) -> Flask:
    """The application, without SPARQL."""
    settings = Settings(data=home, model="hashing", contact="help@kelland.example")
    return create_app(settings, library=GenerationLibrary(home, "hashing"))


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    """A browser that sends nothing of its own."""
    return web.test_client()
