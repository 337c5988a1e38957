"""Which passages have an entry and how often, as arrays: what BM25 is reckoned from.

    index.csc.*   a score, a row number and bounds for each entry (as bm25s reads them)
    times.npy     how often each stands there, lengths.npy the entries of each passage

A score depends on how many passages there are and how long they are, so that one more document
changes every one; reckoned from arrays at once, a million passages take seconds. Documents can
be put between those of another index without a look at their texts.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from search.runs import Numbers

K1, B = 1.2, 0.75
"""The usual saturation and length normalisation."""

VOCABULARY = "words.json"
TIMES, LENGTHS = "times.npy", "lengths.npy"

NOTHING = "="
"""The one entry of an index without passages, which BM25 cannot write; no query has it."""

_CHUNK = 1 << 20
Narrow = NDArray[np.int32]
Few = NDArray[np.uint16]


@dataclass(frozen=True)
class Postings:
    """Entries in order of name; those of entry n stand from ``bounds[n]`` to ``bounds[n + 1]``:
    the passages in ``rows``, in order, and ``times``. ``lengths`` are of passages."""

    entries: list[str]
    bounds: Numbers
    rows: Narrow
    times: Few
    lengths: Narrow
    printed: Counter[str]

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Those that an index was reckoned from, mapped."""
        model = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        rows = np.asarray(model.scores["indices"])
        printed = json.loads((folder / VOCABULARY).read_text("utf-8"))
        times, lengths = (np.load(folder / name, mmap_mode="r") for name in (TIMES, LENGTHS))
        bounds = np.asarray(model.scores["indptr"], dtype=np.int64)
        return cls(list(model.vocab_dict), bounds, rows, times, lengths, Counter(printed))

    def save(self, folder: Path) -> None:
        """Write an index with the words as printed (for typing errors)."""
        if not len(self.lengths):
            empty = Writer()
            empty.add([NOTHING], [[0]], {})
            empty.postings().save(folder)
            return
        model = bm25s.BM25(k1=K1, b=B)
        model.nonoccurrence_array = None
        model.vocab_dict = {entry: at for at, entry in enumerate(self.entries)}
        model.scores = {
            "data": self.scores(),
            "indices": self.rows,
            "indptr": self.bounds,
            "num_docs": len(self.lengths),
        }
        model.save(folder, show_progress=False)
        for name, values in ((TIMES, self.times), (LENGTHS, self.lengths)):
            np.save(folder / name, values, allow_pickle=False)
        words = json.dumps(self.printed, sort_keys=True)
        (folder / VOCABULARY).write_text(words, encoding="utf-8")

    def scores(self) -> NDArray[np.float32]:
        """The BM25 of each entry in each passage that has it (Lucene's way, as in bm25s)."""
        held = np.diff(self.bounds)
        count, mean = len(self.lengths), self.lengths.mean()
        rarity = np.log(1 + (count - held + 0.5) / (held + 0.5)).astype(np.float32)
        longer = K1 * ((1 - B) + B * self.lengths / mean)
        scores = np.empty(len(self.rows), dtype=np.float32)
        owners = np.repeat(np.arange(len(held), dtype=np.int32), held)
        for at in range(0, len(scores), _CHUNK):
            part = slice(at, at + _CHUNK)
            times = self.times[part].astype(np.float32)
            scores[part] = rarity[owners[part]] * (times / (longer[self.rows[part]] + times))
        return scores

    def between(self, fresh: Postings, kept: Numbers, new: Numbers) -> Postings:
        """These with others put between them: ``kept`` and ``new`` are the row numbers that
        the passages of both then have."""
        entries = sorted({*self.entries, *fresh.entries})
        number = {entry: at for at, entry in enumerate(entries)}
        counts = np.zeros(len(entries), dtype=np.int64)
        places, rows, times = [], [], []
        old = kept.astype(np.int32)[self.rows]
        mine = {entry: at for at, entry in enumerate(self.entries)}
        counts[[number[entry] for entry in self.entries]] += np.diff(self.bounds)
        before = np.concatenate(([0], np.cumsum(counts)))
        for at, entry in enumerate(fresh.entries):
            part = slice(fresh.bounds[at], fresh.bounds[at + 1])
            numbers = new[fresh.rows[part]].astype(np.int32)
            place = number[entry]
            start = before[place]
            if entry in mine:
                own = old[start : before[place + 1]]
                places.append(start + np.searchsorted(own, numbers))
            else:
                places.append(np.full(len(numbers), start))
            counts[place] += len(numbers)
            rows.append(numbers)
            times.append(fresh.times[part])
        where = np.concatenate(places) if places else np.empty(0, dtype=np.int64)
        lengths = np.empty(len(kept) + len(new), dtype=np.int32)
        lengths[kept], lengths[new] = self.lengths, fresh.lengths
        return Postings(
            entries,
            np.concatenate(([0], np.cumsum(counts))),
            np.insert(old, where, np.concatenate(rows)) if rows else old,
            np.insert(self.times, where, np.concatenate(times)) if times else self.times,
            lengths,
            self.printed + fresh.printed,
        )


class Writer:
    """Takes in the terms of one document after another."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._held, self._times = array("i"), array("H")
        self._ends, self._lengths = array("q", [0]), array("i")
        self._printed: Counter[str] = Counter()

    def add(
        self, terms: Sequence[str], said: Sequence[Sequence[int]], printed: Mapping[str, int]
    ) -> None:
        """One document's entries, the numbers of those that each passage holds, and its words."""
        known = self._vocabulary
        here = [known.setdefault(term, len(known)) for term in terms]
        for each in said:
            counts = Counter(each)
            self._held.extend([here[number] for number in counts])
            self._times.extend(counts.values())
            self._ends.append(len(self._held))
            self._lengths.append(len(each))
        self._printed.update(printed)

    def postings(self) -> Postings:
        """All of them, by entry."""
        entries = sorted(self._vocabulary)
        rank = np.empty(len(entries), dtype=np.int32)
        rank[[self._vocabulary[entry] for entry in entries]] = np.arange(len(entries))
        shape = (len(self._lengths), len(entries))
        columns = rank[np.frombuffer(self._held, dtype=np.int32)]
        times = np.frombuffer(self._times, dtype=np.uint16)
        ends = np.frombuffer(self._ends, dtype=np.int64)
        by_entry = csr_matrix((times, columns, ends), shape=shape).tocsc()
        return Postings(
            entries,
            by_entry.indptr.astype(np.int64),
            by_entry.indices.astype(np.int32),
            by_entry.data,
            np.frombuffer(self._lengths, dtype=np.int32).copy(),
            self._printed,
        )
