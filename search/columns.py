"""What documents are filtered by, one array a field, so that no filter looks at each in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.dates import earliest, latest
from search.runs import Marks


class Columns:
    """Numbers of documents by what they are, and the first and last day each may be of."""

    def __init__(self, described: Iterable[tuple[dict[str, Sequence[str]], str | None]]) -> None:
        """Each document's values by field, and its EDTF date."""
        numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
        days: list[tuple[str, str]] = []
        dated: list[bool] = []
        for number, (fields, date) in enumerate(described):
            for field, values in fields.items():
                for value in values:
                    numbers[field, value].append(number)
            days.append(_days(date) if date else ("", ""))
            dated.append(date is not None)
        self._numbers = {key: np.array(held, dtype=np.int64) for key, held in numbers.items()}
        self._first: NDArray[np.str_] = np.array([first for first, _ in days], dtype="U10")
        self._last: NDArray[np.str_] = np.array([last for _, last in days], dtype="U10")
        self._dated: Marks = np.array(dated, dtype=bool)

    def any_of(self, field: str, values: Iterable[str]) -> Marks:
        """Which documents have one of the values."""
        marks = np.zeros(len(self._dated), dtype=bool)
        for value in values:
            held = self._numbers.get((field, value))
            if held is not None:
                marks[held] = True
        return marks

    def between(self, since: str | None, until: str | None) -> Marks:
        """Which documents' dates can lie between two, the undated never."""
        marks = self._dated
        if since is not None:
            marks = marks & (self._last >= earliest(since))
        if until is not None:
            marks = marks & (self._first <= latest(until))
        return marks


@lru_cache(maxsize=10_000)
def _days(date: str) -> tuple[str, str]:
    return earliest(date), latest(date)
