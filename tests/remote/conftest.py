"""The sample generation in every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.generations import Generation, open_generation
from kg.graphs import Graph
from kg.remote.graph import RemoteGraph
from kg.remote.settings import StoreSettings
from kg.store import GraphStore
from search.stores import Stores
from tests.remote.engines import ENGINES, REMOTE
from tests.server.sample import publish, records


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the sample generation."""
    home = tmp_path_factory.mktemp("sample")
    publish(home, records())
    return home


@pytest.fixture(scope="session")
def generation(sample_home: Path) -> Generation:
    return open_generation(sample_home)


@pytest.fixture(scope="session", params=REMOTE)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoreSettings]:
    """A running store; tests keep to a base of their own."""
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as settings:
        yield settings


@pytest.fixture(scope="session")
def pushed(engine: StoreSettings, sample_home: Path) -> Iterator[Stores]:
    """The sample, published to the store."""
    stores = Stores(sample_home, engine)
    assert stores.push()
    yield stores
    stores.close()


@pytest.fixture(scope="session")
def remote(pushed: Stores, generation: Generation) -> RemoteGraph:
    return pushed.remote_graph(generation.manifest.base)


@pytest.fixture(scope="session")
def embedded(generation: Generation) -> Graph:
    return GraphStore(generation.store)


@pytest.fixture(scope="session", params=["embedded", *REMOTE])
def graph(
    request: pytest.FixtureRequest, generation: Generation, sample_home: Path
) -> Iterator[Graph]:
    """The sample, behind the interface that all stores have."""
    if request.param == "embedded":
        yield GraphStore(generation.store)
        return
    folder = request.getfixturevalue("tmp_path_factory").mktemp(f"contract-{request.param}")
    with ENGINES[request.param](folder) as settings:
        stores = Stores(sample_home, settings)
        assert stores.push()
        yield stores.graph(generation)
        stores.close()
