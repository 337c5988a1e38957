from __future__ import annotations

import pytest

from kg.embed import HashingEmbedder
from kg.generations import open_generation
from search.ask.asker import Asker
from search.opened import Opened
from tests.server.sample import publish, records


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The generation about the invented council of Kelland: an inspection, and a letter."""
    home = tmp_path_factory.mktemp("asked")
    publish(home, records())
    return Opened(open_generation(home), HashingEmbedder)


@pytest.fixture(scope="session")
def asker(opened: Opened) -> Asker:
    return Asker(opened)
