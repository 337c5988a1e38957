"""Nearest vectors: what is proposed by cells is what looking at every vector finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.embed import HashingEmbedder, normalised
from search import near
from search.dense import PASSAGES
from search.filters import Filters
from search.index import Indexer
from search.near import Near, Numbers
from search.runs import Passing
from search.search import Searcher
from tests.search.library import LETTER, library, record

ROWS, CENTRES, DIMENSION = 6_000, 60, 32


@pytest.fixture(scope="module")
def vectors() -> near.Rows:
    """Rows that gather around some centres, as sentences around subjects."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(CENTRES, DIMENSION))
    noise = random.normal(size=(ROWS, DIMENSION))
    return normalised(centres[np.arange(ROWS) % CENTRES] + 0.5 * noise).astype(np.float16)


@pytest.fixture(scope="module")
def pair(vectors: near.Rows, tmp_path_factory: pytest.TempPathFactory) -> tuple[Near, Near]:
    """One index that looks at everything and one with cells."""
    folder = tmp_path_factory.mktemp("near")
    near.write(folder / "flat", vectors)
    near.write(folder / "cells", vectors, exact=0)
    return Near(folder / "flat", vectors), Near(folder / "cells", vectors)


def _recall(pair: tuple[Near, Near], vectors: near.Rows, allowed: Numbers | None) -> float:
    flat, cells = pair
    assert flat.exact
    assert not cells.exact
    shared = 0
    queries = normalised(vectors[::60])
    passing = None if allowed is None else Passing(np.isin(np.arange(ROWS), allowed))
    for query in queries:
        found = cells.search(query, 10, passing)
        assert allowed is None or np.isin(found, allowed).all()
        shared += len(np.intersect1d(flat.search(query, 10, passing), found))
    return shared / (10 * len(queries))


def test_cells_find_what_a_look_at_all_finds(pair: tuple[Near, Near], vectors: near.Rows) -> None:
    assert _recall(pair, vectors, None) >= 0.99


def test_cells_to_which_rows_are_added_find_them_and_the_others(
    pair: tuple[Near, Near], vectors: near.Rows, tmp_path: Path
) -> None:
    """The rows stand between those that were there, which change their numbers."""
    kept = (near.Move(0, 1_000, 200), near.Move(1_000, 5_500, 1_300))
    old = np.concatenate([vectors[move.to : move.to + move.last - move.first] for move in kept])
    near.write(tmp_path / "old", old, exact=0)
    near.revise(tmp_path / "new", tmp_path / "old", vectors, kept, exact=0)
    assert _recall((pair[0], Near(tmp_path / "new", vectors)), vectors, None) >= 0.99


def test_cells_are_learnt_anew_for_many_more_rows(vectors: near.Rows, tmp_path: Path) -> None:
    near.write(tmp_path / "old", vectors[:1_000], exact=0)
    near.write(tmp_path / "whole", vectors, exact=0)
    near.revise(tmp_path / "new", tmp_path / "old", vectors, (near.Move(0, 1_000, 0),), exact=0)
    assert (tmp_path / "new").read_bytes() == (tmp_path / "whole").read_bytes()


def test_few_allowed_rows_are_all_looked_at(pair: tuple[Near, Near], vectors: near.Rows) -> None:
    assert _recall(pair, vectors, np.arange(0, ROWS, 50)) == 1


@pytest.mark.parametrize("step", [3, 9])
def test_cells_keep_to_a_filter_that_lets_many_pass(
    pair: tuple[Near, Near], vectors: near.Rows, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "FEW", 10)
    assert _recall(pair, vectors, np.arange(0, ROWS, step)) >= 0.99


def test_no_row_allowed_is_nothing_found(pair: tuple[Near, Near], vectors: near.Rows) -> None:
    query = normalised(vectors[:1])[0]
    none = Passing(np.zeros(ROWS, dtype=bool))
    assert all(not len(each.search(query, 10, none)) for each in pair)


def test_the_same_vectors_give_the_same_bytes(vectors: near.Rows, tmp_path: Path) -> None:
    for name in ("one", "two"):
        near.write(tmp_path / name, vectors, exact=0)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(authority=("saltby",)), Filters(polarity=("weakness",))]
)
def test_search_over_cells_answers_as_over_all(tmp_path: Path, filters: Filters) -> None:
    letters = [record(f"letter-{at}", (LETTER[at % 3], f"Plan {at} was late.")) for at in range(25)]
    found = []
    for exact in (near.EXACT, 0):
        folder = tmp_path / str(exact)
        Indexer(HashingEmbedder(), exact=exact).write(folder, [*library(), *letters])
        searcher = Searcher.open(folder, HashingEmbedder())
        results = searcher.search("late plans", filters)
        found.append([(result.passage, result.score) for result in results.results])
        assert Near(folder / "vectors" / PASSAGES, np.empty((0, 1), np.float16)).exact == bool(
            exact
        )
    assert found[0] == found[1]
    assert filters.authority == () or found[0]
