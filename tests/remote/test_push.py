"""Publishing to a SPARQL store: only what changed, resumable, and complete before it is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import DataLocked, FindingsError, GenerationError, StoreUnavailable
from kg.generations import open_generation
from kg.remote.graph import SHA, RemoteGraph
from kg.remote.push import Pushed, pushing, stamp
from kg.remote.settings import StoreSettings
from ontology.iris import DEFAULT_BASE
from search.stores import Stores
from tests.remote.engines import free_port, oxigraph
from tests.server.sample import publish, records


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreSettings]:
    """An empty Oxigraph."""
    folder = tmp_path / "engine"
    folder.mkdir()
    with oxigraph(folder) as settings:
        yield settings


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the first of two documents."""
    home = tmp_path_factory.mktemp("built")
    publish(home, records()[:1])
    return home


@pytest.fixture
def home(tmp_path: Path, built: Path) -> Path:
    """A copy that a test may build in."""
    return shutil.copytree(built, tmp_path / "data", symlinks=True)


@pytest.fixture
def stores(home: Path, store: StoreSettings) -> Iterator[Stores]:
    opened = Stores(home, store)
    yield opened
    opened.close()


def _graph(stores: Stores) -> RemoteGraph:
    return stores.remote_graph(DEFAULT_BASE)


def _push(stores: Stores) -> Pushed:
    (done,) = stores.push()
    return done


def _held(stores: Stores) -> list[str]:
    return sorted(map(str, _graph(stores).quads()))


def _built(home: Path) -> list[str]:
    local = Stores(home, StoreSettings())
    return sorted(map(str, local.graph(open_generation(home)).quads()))


def test_what_is_there_already_is_not_sent_again(stores: Stores) -> None:
    first, second = _push(stores), _push(stores)
    assert (first.unchanged, second.written, second.dropped) == (0, 0, 0)
    assert second.unchanged == first.written


def test_documents_are_exchanged_one_by_one(stores: Stores, home: Path) -> None:
    stores.push()
    publish(home, records())
    grown = _push(stores)
    assert (grown.written, grown.unchanged) == (3, 2)  # one document and what is derived
    assert _held(stores) == _built(home)
    publish(home, records()[:1])
    shrunk = _push(stores)
    assert shrunk.dropped == 1
    assert _held(stores) == _built(home)


class LostAfter(RemoteGraph):
    """A store that is lost after so many graphs."""

    left = 1

    def replace(self, name: NamedNode, triples: object) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoreUnavailable("The store is lost.")
        super().replace(name, triples)  # type: ignore[arg-type]


def test_a_push_that_was_cut_off_goes_on(stores: Stores, home: Path, store: StoreSettings) -> None:
    stores.push()
    publish(home, records())
    cut = Stores(home, store)
    cut._remotes[DEFAULT_BASE] = LostAfter(store, DEFAULT_BASE)
    with pytest.raises(StoreUnavailable):
        cut.push()
    cut.close()
    assert stores.generation().path.name == "000001"
    assert "until the next" in stores.generation().warning
    rest = _push(stores)
    assert rest.written == 2
    assert _held(stores) == _built(home)
    assert stores.generation().path.name == "000002"


def test_a_graph_half_told_is_sent_again(stores: Stores, home: Path) -> None:
    """Killed between a graph and its digest: the graph's digest is not believed."""
    stores.push()
    graph = _graph(stores)
    name = next(name for name in graph.names() if "/document/" in name.value)
    graph.replace(name, [Triple(name, name, Literal("half"))])
    graph.update(f"DELETE WHERE {{ GRAPH {graph.state} {{ {name} ?p ?o }} }}")
    again = _push(stores)
    assert again.written == 1
    assert _held(stores) == _built(home)


def test_a_store_that_lost_triples_is_found_out(stores: Stores, home: Path) -> None:
    stores.push()
    graph = _graph(stores)
    name = next(name for name in graph.names() if "/document/" in name.value)
    graph.update(f"DELETE {{ GRAPH {name} {{ ?s a ?c }} }} WHERE {{ GRAPH {name} {{ ?s a ?c }} }}")
    publish(home, records())
    with pytest.raises(StoreUnavailable, match="did not keep all"):
        stores.push()
    told = stamp(graph)
    assert told is not None
    assert told.name == "000001"


def test_other_data_in_the_store_is_left_alone(stores: Stores) -> None:
    graph = _graph(stores)
    other = NamedNode("https://other.example/graph/document/x")
    graph.replace(other, [Triple(other, other, Literal("theirs"))])
    stores.push()
    assert other not in list(graph.names())
    assert graph.count(other) == 1


def test_nothing_is_served_before_it_is_published(stores: Stores) -> None:
    with pytest.raises(GenerationError, match="findings push"):
        stores.generation()
    assert stores.published() is None


def test_a_generation_of_another_directory_is_not_served(stores: Stores, home: Path) -> None:
    stores.push()
    shutil.rmtree(home)
    publish(home, records())
    with pytest.raises(GenerationError, match="not in this data directory"):
        stores.generation()


def test_two_do_not_publish_at_a_time(stores: Stores, home: Path) -> None:
    with pushing(home), pytest.raises(DataLocked):
        stores.push()


def test_a_store_without_the_union_is_refused(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    with oxigraph(folder, "--timeout-s", "30") as settings:
        stores = Stores(home, settings)
        with pytest.raises(StoreUnavailable, match="union"):
            stores.push()
        stores.close()


def test_a_store_that_is_not_there_is_named(home: Path) -> None:
    port = free_port()
    stores = Stores(home, StoreSettings(sparql_url=f"http://127.0.0.1:{port}/query"))
    with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{port} cannot be reached"):
        stores.push()
    stores.close()


def test_reading_addresses_alone_cannot_publish(home: Path, store: StoreSettings) -> None:
    stores = Stores(home, StoreSettings(sparql_url=store.sparql_url))
    with pytest.raises(FindingsError, match="FINDINGS_SPARQL_UPDATE_URL"):
        stores.push()
    stores.close()


def test_graphs_of_other_names_that_were_published_are_ours(stores: Stores, home: Path) -> None:
    """As the operator's may be: they are counted, kept, and dropped when they are gone."""
    stores.push()
    graph = _graph(stores)
    other = NamedNode("https://operator.example/notes")
    graph.replace(other, [Triple(other, other, Literal("note"))])
    graph.update(f'INSERT DATA {{ GRAPH {graph.state} {{ {other} {SHA} "0" }} }}')
    assert other in list(graph.names())
    again = _push(stores)
    assert again.dropped == 1
    assert _held(stores) == _built(home)
