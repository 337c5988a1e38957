"""BM25 over the stems and the domain's terms of each passage.

A query is a weight for each entry. Scores are shares of the best score that the query
could reach in this index, so they lie between 0 and 1 and compare across queries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray

from kg.embed import Vectors
from search.postings import VOCABULARY
from search.runs import Marks, Numbers
from search.thesaurus import Thesaurus
from search.words import Word, content_stems, stems, words

MARKS = "=@"
"""What begins an entry that is no word: a term, or an authority."""

Weights = Mapping[str, float]


def entries(text: Sequence[Word], thesaurus: Thesaurus) -> list[str]:
    """What the index holds of a text: its stems, its terms, and their words spelt out."""
    found = content_stems(text)
    for mention in thesaurus.mentions(text):
        if mention.exact:
            found.append(mention.term.key)
            if _differs(text, mention.first, mention.last, mention.term.label):
                found += spelt(mention.term.label, thesaurus)
    return found


def spelt(label: str, thesaurus: Thesaurus) -> list[str]:
    """The entries of a term's own label: its stems and the terms inside it."""
    tokens = words(label)
    return content_stems(tokens) + [m.term.key for m in thesaurus.mentions(tokens) if m.exact]


def _differs(text: Sequence[Word], first: int, last: int, label: str) -> bool:
    return tuple(word.stem for word in text[first:last]) != stems(label)


def of_authority(slug: str) -> str:
    """The entry of all passages in documents about one authority, named there or not."""
    return f"@{slug}"


class Sparse:
    """The term index of one generation, opened for reading."""

    def __init__(self, folder: Path) -> None:
        model = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        self._columns: dict[str, int] = model.vocab_dict
        scores = model.scores
        self._data, self._rows = np.asarray(scores["data"]), np.asarray(scores["indices"])
        self._bounds = np.asarray(scores["indptr"])
        self.count = int(scores["num_docs"])
        self._most = _highest(self._data, self._bounds)
        self._rarest = float(self._most.max(initial=0.0))
        self.printed: dict[str, int] = json.loads((folder / VOCABULARY).read_text("utf-8"))

    def __contains__(self, entry: str) -> bool:
        return entry in self._columns

    def holding(self, entry: str) -> int:
        """How many passages have an entry."""
        column = self._columns.get(entry)
        return 0 if column is None else int(self._bounds[column + 1] - self._bounds[column])

    def scores(self, weights: Weights, rows: Numbers) -> Vectors:
        """The share of the query that each of some passages answers, by weight and rarity.

        Words that no passage has lower every share: they are asked for and not answered.
        """
        lists, full = self._asked(weights)
        return _shares(lists, rows, full)

    def best(self, weights: Weights, limit: int, allowed: Marks | None = None) -> Numbers:
        """The passages with the highest shares above 0, highest first, of equal ones the first;
        those marked in ``allowed`` are the only ones to consider.

        Exact, without a score for every passage (MaxScore): lists are taken by what they can add
        at most, and once those left cannot lift a passage over the limit, only passages already
        found are looked up in them.
        """
        lists, full = self._asked(weights)
        ordered = sorted(lists, key=lambda each: -each.most)
        found = _candidates(ordered, self.count, limit, allowed).astype(np.int64)
        shares = _shares(lists, found, full)
        return found[np.lexsort((found, -shares))[:limit]]

    def _asked(self, weights: Weights) -> tuple[list[_List], float]:
        """The lists of the entries that passages have, and the best score that there could be."""
        lists, full = [], 0.0
        for entry, weight in weights.items():
            column = self._columns.get(entry)
            if column is None:
                full += weight * self._rarest if entry[0] not in MARKS else 0.0
            else:
                part = slice(self._bounds[column], self._bounds[column + 1])
                if part.start < part.stop:
                    most = weight * float(self._most[column])
                    lists.append(_List(self._rows[part], self._data[part], weight, most))
                    full += most
        return lists, full


def _highest(data: Vectors, bounds: Numbers) -> Vectors:
    """The highest score of each entry, 0 where no passage has it."""
    most = np.zeros(len(bounds) - 1, dtype=np.float32)
    held = np.flatnonzero(np.diff(bounds))
    if len(held):
        most[held] = np.maximum.reduceat(data, bounds[held])
    return most


class _List(NamedTuple):
    """The passages that have an entry, in order, with its score in each before its weight."""

    rows: NDArray[np.int32]
    data: Vectors
    weight: float
    most: float

    def at(self, rows: NDArray[np.int32]) -> Vectors:
        """The weighted score in some passages, in order; 0 where they do not have the entry."""
        place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        held = self.rows[place] == rows
        return np.where(held, np.float32(self.weight) * self.data[place], np.float32(0))


def _shares(lists: Sequence[_List], rows: Numbers, full: float) -> Vectors:
    scores = np.zeros(len(rows), dtype=np.float32)
    narrow = rows.astype(np.int32)
    for each in lists:
        scores += each.at(narrow)
    return scores / full if full else scores


_SLACK = 1 - 1e-5
"""Sums of the same float32 numbers in another order differ by less than this."""


def _candidates(
    lists: Sequence[_List], count: int, limit: int, marks: Marks | None
) -> NDArray[np.int32]:
    """A few of ``count`` passages with the best among them.

    Lists come in order of what they add at most. Scores are summed until a passage that is in
    none of the lists so far can no longer reach the least of the best; the others are narrowed.
    """
    left = [*np.cumsum([each.most for each in reversed(lists)])[::-1].tolist(), 0.0]
    sums = np.zeros(count, dtype=np.float32)
    least, taken = 0.0, 0
    while taken < len(lists) and least <= left[taken]:
        least = max(least, _summed(sums, lists[taken], limit, marks, least))
        taken += 1
    found = np.flatnonzero(sums > max(0.0, _SLACK * (least - left[taken]))).astype(np.int32)
    scores = sums[found]
    for at in range(taken, len(lists)):
        scores += lists[at].at(found)
        if len(found) > limit:
            least = max(least, _SLACK * _last_of(scores, limit))
            keep = scores >= _SLACK * (least - left[at + 1])
            found, scores = found[keep], scores[keep]
    return found


def _summed(sums: Vectors, more: _List, limit: int, marks: Marks | None, least: float) -> float:
    """Add a list to the sums; what the last of the best has at least, as far as it tells."""
    rows, data = more.rows, np.float32(more.weight) * more.data
    if marks is not None:
        passing = marks[rows]
        rows, data = rows[passing], data[passing]
    here = sums[rows] + data
    sums[rows] = here
    high = here[here > least]
    return _SLACK * _last_of(high, limit) if len(high) >= limit else 0.0


def _last_of(scores: Vectors, limit: int) -> float:
    """The score of the last of the best."""
    return float(np.partition(scores, -limit)[-limit])
