"""The best passages by terms, found without a score for each, are those of a look at each."""

from __future__ import annotations

import numpy as np
import pytest

from search.postings import Writer
from search.runs import Numbers
from search.sparse import Sparse

PASSAGES, ENTRIES = 3_000, 40
QUERIES = (
    {"e0": 1.0},
    {"e39": 1.0, "e0": 1.0, "e1": 1.0, "e2": 0.4},
    {"e20": 0.2, "e5": 1.0, "e38": 0.5, "no passage has this": 1.0},
    {f"e{number}": 1.0 for number in range(ENTRIES)},
    {"e3": 1.0, "e4": 1.0, "e7": 0.2},
)


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Sparse:
    """Passages that hold common entries often and rare ones seldom; every tenth repeats one."""
    random = np.random.default_rng(5)
    chances = 1 / np.arange(1, ENTRIES + 1)
    said = [
        random.choice(ENTRIES, size=random.integers(3, 30), p=chances / chances.sum()).tolist()
        for _ in range(PASSAGES)
    ]
    for number in range(0, PASSAGES, 10):
        said[number] = said[number % 100]
    writer = Writer()
    writer.add([f"e{number}" for number in range(ENTRIES)], said, {})
    folder = tmp_path_factory.mktemp("terms")
    writer.postings().save(folder)
    return Sparse(folder)


def _looked_at(
    sparse: Sparse, weights: dict[str, float], limit: int, allowed: Numbers | None
) -> list[int]:
    rows = np.arange(sparse.count) if allowed is None else allowed
    scores = sparse.scores(weights, rows)
    order = [int(at) for at in np.argsort(-scores, kind="stable") if scores[at] > 0]
    return [int(row) for row in rows[order[:limit]]]


@pytest.mark.parametrize("weights", QUERIES)
@pytest.mark.parametrize("limit", [1, 10, 100])
@pytest.mark.parametrize("step", [0, 2, 97])
def test_the_best_are_those_of_a_look_at_every_passage(
    sparse: Sparse, weights: dict[str, float], limit: int, step: int
) -> None:
    allowed = np.arange(1, PASSAGES, step) if step else None
    marks = None if allowed is None else np.isin(np.arange(PASSAGES), allowed)
    found = sparse.best(weights, limit, marks).tolist()
    assert found == _looked_at(sparse, weights, limit, allowed)
    assert found


def test_nothing_is_best_where_no_passage_has_an_entry(sparse: Sparse) -> None:
    assert not len(sparse.best({"no passage has this": 1.0}, 10))
    assert not len(sparse.best({}, 10))


def test_holding_counts_passages(sparse: Sparse) -> None:
    held = np.count_nonzero(sparse.scores({"e5": 1.0}, np.arange(PASSAGES)))
    assert sparse.holding("e5") == held > 0
    assert sparse.holding("no passage has this") == 0
