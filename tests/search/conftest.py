from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.embed import HashingEmbedder
from kg.remote.push import Stamp
from kg.remote.settings import StoreSettings
from search.index import Index, Indexer
from search.milvus import MilvusStore
from search.remote import RemoteDense, push
from search.search import Searcher
from tests.search.library import library


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the index of the small library, to be left as it is."""
    folder = tmp_path_factory.mktemp("written")
    Indexer(HashingEmbedder()).write(folder, library())
    return folder


@pytest.fixture
def generation(written: Path, tmp_path: Path) -> Path:
    """A copy of the index, to be damaged."""
    return Path(shutil.copytree(written, tmp_path / "generation"))


@pytest.fixture(scope="session", params=["embedded", "milvus"])
def searcher(
    request: pytest.FixtureRequest, written: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    """Search over the small library, its vectors here or in Milvus; keeps nothing between."""
    if request.param == "embedded":
        yield Searcher.open(written, HashingEmbedder())
        return
    place = tmp_path_factory.mktemp("milvus") / "vectors.db"
    store, index = MilvusStore(StoreSettings(milvus_uri=str(place))), Index(written)
    _, finish = push(index, store, Stamp("1", "library"))
    finish()
    index.dense = RemoteDense(store, index)
    yield Searcher(index, HashingEmbedder())
    store.close()
