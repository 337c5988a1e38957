"""Rows as runs and as what passes: nothing is lost on the way there and back."""

from __future__ import annotations

import numpy as np
import pytest

from search.runs import Marks, Passing, Runs

BOUNDS = np.array([0, 2, 2, 5, 9], dtype=np.int64)


def _marks(rows: list[int], count: int) -> Marks:
    return np.isin(np.arange(count), rows)


@pytest.mark.parametrize("rows", [[], [0], [11], [0, 1, 2, 5, 6, 11], [3, 5, 7], list(range(12))])
def test_rows_come_back_from_marks(rows: list[int]) -> None:
    marks = _marks(rows, 12)
    runs, passing = Runs.of(marks), Passing(marks)
    assert runs.rows().tolist() == passing.rows().tolist() == rows
    assert runs.marks(12).tolist() == marks.tolist()
    assert passing.share == len(rows) / 12
    assert passing.of(np.arange(12)).tolist() == marks.tolist()
    assert np.unpackbits(passing.bits(12), count=12, bitorder="little").tolist() == marks.tolist()


@pytest.mark.parametrize(
    ("rows", "owned"),
    [([0, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8]), ([1], []), ([1, 2], [2, 3, 4]), ([], [])],
)
def test_what_rows_own_passes_with_them(rows: list[int], owned: list[int]) -> None:
    passing = Passing(_marks(rows, 4), BOUNDS)
    assert passing.rows().tolist() == owned
    assert np.flatnonzero(passing.of(np.arange(9))).tolist() == owned
    bits = np.unpackbits(passing.bits(9), count=9, bitorder="little")
    assert np.flatnonzero(bits).tolist() == owned
