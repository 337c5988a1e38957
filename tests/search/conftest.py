from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.embed import HashingEmbedder
from search.index import Indexer
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


@pytest.fixture(scope="session")
def searcher(written: Path) -> Searcher:
    """Search over the small library; it keeps nothing between searches."""
    return Searcher.open(written, HashingEmbedder())
