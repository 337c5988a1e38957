"""The rules by which search is scored, worked by hand."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from search.evaluate import report, retrieval
from search.evaluate.report import Measure, Miss, Outcome
from search.evaluate.retrieval import Judged, Quotation, holds, normalised, same_document
from search.search import Searcher


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("Staff leave too often.", "staff leave too often", True),
        ("so staff leave too and", "staff leave too very often", True),
        ("staff leave. Very often", "staff leave too very often", False),
        ("decision-making is weak", "decision\ufffemaking is weak", True),
        ("the child’s plan", "the child's plan", True),
        ("a plan", "", False),
    ],
)
def test_sixty_per_cent_of_the_words_in_one_run(text: str, quote: str, expected: bool) -> None:
    assert holds(normalised(text), normalised(quote)) is expected


def test_paths_name_one_file_whatever_folder_was_built() -> None:
    assert same_document("saltby/minutes.txt", "minutes.txt")
    assert same_document("minutes.txt", "all/saltby/minutes.txt")
    assert not same_document("saltby/minutes.txt", "other/minutes.txt")
    assert not same_document("old-minutes.txt", "minutes.txt")


def test_a_quotation_counts_once_and_a_result_by_its_best() -> None:
    item = Judged("q", "?", tuple(Quotation("d", str(n), g) for n, g in enumerate((2, 1, 1))))
    values = retrieval.score([item], {"q": [[], [1, 0], [], [2]]})
    ideal = 2 + 1 / 1.58496 + 1 / 2
    assert values["MRR"] == [0.5]
    assert values["recall@10"] == [1.0]
    assert values["nDCG@10"][0] == pytest.approx((2 / 1.58496 + 1 / 2.32193) / ideal, abs=1e-4)


def test_a_query_that_finds_nothing_scores_nothing() -> None:
    item = Judged("q", "?", (Quotation("d", "x", 2),))
    assert retrieval.score([item], {"q": []}) == {
        "nDCG@10": [0.0],
        "recall@10": [0.0],
        "MRR": [0.0],
    }


def test_every_part_is_scored_and_every_miss_listed(searcher: Searcher, tmp_path: Path) -> None:
    relevant = [
        {
            "doc": "x/letter.txt",
            "quote": "The computers that staff use fail every week",
            "grade": 2,
        },
        {"doc": "x/letter.txt", "quote": "words that stand nowhere at all", "grade": 1},
    ]
    row = {"id": "r1", "query": "computers fail", "relevant": relevant}
    (tmp_path / "retrieval.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    outcomes = retrieval.evaluate(tmp_path, searcher)
    assert [outcome.name for outcome in outcomes][-1] == "retrieval: fused"
    assert len(outcomes) == 4
    measures = {measure.name: measure.value for measure in outcomes[-1].measures}
    assert measures["MRR"] == 1
    assert measures["recall@10"] == 0.5
    assert ["nowhere" in miss.expected for miss in outcomes[-1].misses] == [True]


def test_goals_and_how_they_are_shown() -> None:
    outcome = Outcome(
        "answers",
        (Measure("right", 0.9, 0.8), Measure("wrong", 0.1, 0.06, at_most=True), Measure("n", 1)),
        {"questions": 10},
        (Miss("q7", "two", "three"),),
    )
    assert [measure.met for measure in outcome.measures] == [True, False, None]
    console = Console(file=io.StringIO(), width=120)
    report.show([outcome], console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(
        word in shown for word in ("answers", "≤ 0.060", "NO", "q7", "three", "10 questions")
    )
    assert json.loads(report.as_json([outcome]))["outcomes"][0]["misses"][0]["item"] == "q7"


def test_bounds_hold_the_mean_and_do_not_change() -> None:
    low, high = report.bootstrap([0.0, 1.0] * 20)
    assert low < 0.5 < high
    assert (low, high) == report.bootstrap([0.0, 1.0] * 20)
    assert report.bootstrap([]) == (0.0, 0.0)
