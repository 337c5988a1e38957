"""Rows as runs: nothing is lost on the way there and back."""

from __future__ import annotations

import numpy as np
import pytest

from search.runs import Runs


@pytest.mark.parametrize("rows", [[], [0], [11], [0, 1, 2, 5, 6, 11], [3, 5, 7], list(range(12))])
def test_rows_come_back_from_runs(rows: list[int]) -> None:
    numbers = np.array(rows, dtype=np.int64)
    runs = Runs.of(numbers)
    assert runs.rows().tolist() == rows
    assert runs.total == len(rows)
    assert np.flatnonzero(runs.marks(12)).tolist() == rows
    assert (
        np.flatnonzero(np.unpackbits(runs.bits(12), count=12, bitorder="little")).tolist() == rows
    )


def test_what_rows_own_is_a_run_for_each_run_of_rows() -> None:
    bounds = np.array([0, 2, 2, 5, 9], dtype=np.int64)
    owned = Runs.of(np.array([0, 2, 3], dtype=np.int64)).over(bounds)
    assert owned.rows().tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert Runs.of(np.array([1], dtype=np.int64)).over(bounds).total == 0
