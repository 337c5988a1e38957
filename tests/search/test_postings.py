"""Scores are those of bm25s, and documents put between others make the index of all."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from search.postings import K1, B, Postings, Writer

DOCUMENTS: tuple[tuple[list[str], list[list[int]], dict[str, int]], ...] = (
    (["visit", "plan", "late"], [[0, 1, 1, 2], [2]], {"visits": 2}),
    (["plan", "aim"], [[0, 1], [1, 1, 1], []], {"aims": 1}),
    (["care", "late"], [[0, 1, 0]], {"care": 1, "visits": 1}),
    (["zeal", "aim", "visit"], [[2, 0], [1]], {}),
)


def _postings(numbers: tuple[int, ...]) -> Postings:
    writer = Writer()
    for number in numbers:
        writer.add(*DOCUMENTS[number])
    return writer.postings()


def _rows(numbers: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The row numbers of some documents among all."""
    ends = np.cumsum([len(said) for _, said, _ in DOCUMENTS])
    starts = np.concatenate(([0], ends[:-1]))
    return np.concatenate([np.arange(starts[n], ends[n]) for n in numbers])


def test_scores_are_those_of_bm25s() -> None:
    found = _postings((0, 1, 2, 3))
    number = {entry: at for at, entry in enumerate(found.entries)}
    ids = [[number[terms[at]] for at in each] for terms, said, _ in DOCUMENTS for each in said]
    model = bm25s.BM25(k1=K1, b=B)
    model.index(bm25s.tokenization.Tokenized(ids=ids, vocab=number), show_progress=False)
    np.testing.assert_array_equal(found.rows, model.scores["indices"])
    np.testing.assert_array_equal(found.bounds, model.scores["indptr"])
    np.testing.assert_array_equal(found.scores(), model.scores["data"])


@pytest.mark.parametrize("fresh", [(0,), (1,), (3,), (0, 2), (1, 3)])
def test_documents_put_between_others_make_the_index_of_all(
    tmp_path: Path, fresh: tuple[int, ...]
) -> None:
    old = tuple(number for number in range(len(DOCUMENTS)) if number not in fresh)
    for name in ("old", "new", "all"):
        (tmp_path / name).mkdir()
    _postings(old).save(tmp_path / "old")
    held = Postings.load(tmp_path / "old")
    held.between(_postings(fresh), _rows(old), _rows(fresh)).save(tmp_path / "new")
    _postings((0, 1, 2, 3)).save(tmp_path / "all")
    files = sorted(path.name for path in (tmp_path / "all").iterdir())
    for file in files:
        made, whole = (tmp_path / name / file for name in ("new", "all"))
        assert made.read_bytes() == whole.read_bytes(), file
