"""Every question of the folder is asked of a graph built from the invented documents beside it.

``NAME.rq`` opens with the question as a comment; ``NAME.json`` holds the rows that answer
it, as lists of texts in the order of the query's variables. A question whose query has no
ORDER BY is answered in any order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import gazetteer
from kg.embed import HashingEmbedder
from kg.generations import open_generation
from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from kg.store import GraphStore
from kg.tools import Tools
from ontology.iris import DEFAULT_BASE, SCHEMES
from ontology.terms import PREFIXES

FOLDER = Path(__file__).parent
QUESTIONS = sorted(path.stem for path in FOLDER.glob("*.rq"))
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@contextmanager
def county() -> Iterator[None]:
    """The invented county stands in the gazetteer while its documents are built."""
    known = gazetteer.authorities()
    any_one = next(iter(known.values()))
    saltmere = replace(
        any_one, slug="saltmere", name="Saltmere", council="Saltmere County Council", aliases=()
    )
    derived = (gazetteer._names, gazetteer._councils, gazetteer._pattern)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gazetteer, "authorities", lambda: {**known, "saltmere": saltmere})
        for each in derived:
            each.cache_clear()
        yield
    for each in derived:
        each.cache_clear()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    home = tmp_path_factory.mktemp("competency")
    tools = Tools(HashingEmbedder())
    settings = BuildSettings()
    with county():
        build([FOLDER / "corpus"], home, settings, indexers=[], report=Quiet(), tools=tools)
    return GraphStore(open_generation(home).store)


def answer(store: GraphStore, query: str) -> list[list[str | None]]:
    """The rows of a query as texts; IRIs without the part that all share."""
    found = store.select(HEAD + query)
    names = [variable.value for variable in found.variables]
    return [[_text(row[name]) for name in names] for row in found]


def _text(term: object) -> str | None:
    if isinstance(term, NamedNode):
        return term.value.removeprefix(f"{DEFAULT_BASE}id/").removeprefix(SCHEMES)
    return term.value if isinstance(term, Literal) else None


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) >= 20


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_graph_answers(store: GraphStore, name: str) -> None:
    query = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
    wanted = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = answer(store, query)
    if "ORDER BY" not in query:
        found, wanted = sorted(found, key=str), sorted(wanted, key=str)
    assert wanted, "a question without an answer tests nothing"
    assert found == wanted


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_put_in_words(name: str) -> None:
    first = (FOLDER / f"{name}.rq").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith("?")
