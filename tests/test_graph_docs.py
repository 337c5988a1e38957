"""The queries that docs/graph.md offers run, and find something in a graph that has it all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.generations import open_generation
from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from kg.store import GraphStore
from ontology.terms import Term, fg
from tests.kg import toy

PAGE = (Path(__file__).parent.parent / "docs/graph.md").read_text()
PREFIXES, *QUERIES = re.findall(r"```sparql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "files").mkdir()
    (folder / "files/visit.txt").write_text(toy.VISIT)
    home = folder / "data"
    build([folder / "files"], home, BuildSettings(), indexers=[], report=Quiet(), tools=toy.tools())
    return GraphStore(open_generation(home).store)


def test_there_are_queries() -> None:
    assert len(QUERIES) >= 5


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_finds_something(store: GraphStore, query: str) -> None:
    assert len(list(store.select(PREFIXES + query))) > 0


def test_the_page_names_only_terms_that_exist() -> None:
    known = {fg(name).value.rsplit("#", 1)[1] for name in Term.__args__}  # type: ignore[attr-defined]
    assert set(re.findall(r"\bfg:(\w+)", PAGE)) - known == set()
