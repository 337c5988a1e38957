"""The scoring of facts: what counts as found, what as half found, and what must not be there."""

from __future__ import annotations

from typing import Any

import pytest

from search.evaluate.facts import KindScore, score
from search.evaluate.matching import name, overlap, same_date

DOC = "vale/letter.txt"
HERE: dict[str, Any] = {"document": {"id": "vale/x", "title": "Letter", "file": DOC}}


def _score(
    file: str, kind: str, gold: dict[str, Any], *rows: dict[str, Any], **more: Any
) -> KindScore:
    wanted = {file: [{"doc": DOC, **gold}], **more}
    return score(wanted, {kind: [{**HERE, **row} for row in rows]})[kind]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the Improvement Board", "Improvement board"),
        ("Children’s Services", "children's services"),
        ("Bradford District & Craven", "Bradford District and Craven"),
    ],
)
def test_names_are_compared_without_typography(one: str, other: str) -> None:
    assert name(one) == name(other)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("the pace is slow", "However, the pace is slow.", 1.0),
        ("decision\ufffemaking is poor", "decision-making is poor", 1.0),
        ("<i>Requires</i> Improvement", "Requires Improvement", 1.0),
        ("good", "poor", 0.0),
        ("a b c d", "a b x y", 0.5),
    ],
)
def test_quotations_overlap_by_their_longest_common_run(one: str, other: str, share: float) -> None:
    assert overlap(one, other) == share


@pytest.mark.parametrize(
    ("gold", "given", "same"),
    [
        ("2018-09", "2018-09-17/2018-09-28", True),
        ("2018-09", "2018-10", False),
        ("2020/..", "2020", True),
        (None, None, True),
        (None, "2018", False),
    ],
)
def test_dates_are_the_same_when_one_contains_the_other(
    gold: str | None, given: str | None, same: bool
) -> None:
    assert same_date(gold, given) is same


def test_an_event_needs_its_kind_and_its_date() -> None:
    gold = {"kind": "inspection", "date": "2018-09", "quote": "the inspection in September 2018"}
    right = {"kind": "joint-inspection", "date": "2018-09-17/2018-09-28"}
    assert _score("events", "events", gold, right).recall == 1
    assert _score("events", "events", gold, {**right, "date": "2018-10"}).recall == 0
    assert _score("events", "events", gold, {**right, "kind": "notice"}).recall == 0


def test_an_undated_event_is_known_by_its_words() -> None:
    gold = {"kind": "review", "date": None, "quote": "a thematic review was commissioned"}
    assert _score(
        "events", "events", gold, {"kind": "review", "quotes": ["thematic review was"]}
    ).recall
    assert not _score(
        "events", "events", gold, {"kind": "review", "quotes": ["a peer review"]}
    ).recall


def test_one_row_finds_one_fact_and_the_rest_are_extra() -> None:
    row = {"label": "Ofsted", "aliases": ["OFSTED"]}
    result = _score("organisations", "organisations", {"label": "Ofsted", "aliases": {}}, row, row)
    assert (result.recall, result.precision, len(result.extra)) == (1, 0.5, 1)


@pytest.mark.parametrize(
    ("start", "end", "mode", "marks"),
    [
        ("2019-07", "2021-10", "permanent", 1.0),
        ("2019-07", None, "permanent", 0.5),
        ("2019-05", "2021-11", "permanent", 0.0),
        ("2019-07", "2021-10", "interim", 0.0),
        ("2022-01", None, "permanent", 0.0),
    ],
)
def test_a_tenure_is_half_right_by_one_date(
    start: str, end: str | None, mode: str, marks: float
) -> None:
    post = {"id": "post:dcs", "doc": DOC, "label": "Director", "aliases": {DOC: ["DCS"]}}
    gold = {"post": "post:dcs", "start": "2019-07", "end": "2021-10", "status": "permanent"}
    row = {"post_label": "DCS", "start": start, "end": end, "mode": mode}
    assert _score("tenures", "tenures", gold, row, posts=[post]).marks == marks


def test_a_commitment_needs_its_words_and_of_whom() -> None:
    gold = {
        "kind": "recommendation",
        "quote": "the Council should review its offer",
        "of_whom": "org:c",
    }
    body = {"id": "org:c", "doc": DOC, "label": "Vale Council", "aliases": {DOC: ["the Council"]}}
    row = {"kind": "recommendation", "quote": "the Council should review its offer"}
    right = _score(
        "recommendations", "commitments", gold, {**row, "of_whom": "Council"}, organisations=[body]
    )
    wrong = _score(
        "recommendations", "commitments", gold, {**row, "of_whom": "Ofsted"}, organisations=[body]
    )
    assert (right.recall, wrong.recall) == (1, 0)


def test_a_figure_needs_value_date_and_measure_or_words() -> None:
    gold = {"value": 318, "date": "2018-08-31", "measure": "posts", "quote": "31/08/2018 318 280"}
    row = {"value": "318", "date": "2018-08-31", "measure": "posts", "quote": "318"}
    assert _score("statistics", "figures", gold, row).recall == 1
    assert _score("statistics", "figures", gold, {**row, "value": "319"}).recall == 0
    assert _score("statistics", "figures", gold, {**row, "date": "2018-09-30"}).recall == 0


def test_a_trap_that_is_reported_is_listed() -> None:
    sides = [{"quote": "started in June 2019"}, {"quote": "started in July 2019"}]
    trap = {"severity": "trap", "quote": "started in June 2019", "quote_b": "started in July 2019"}
    result = _score("contradictions", "disagreements", trap, {"sides": sides})
    assert (result.gold, len(result.traps)) == (0, 1)
    hard = _score("contradictions", "disagreements", {**trap, "severity": "hard"}, {"sides": sides})
    assert (hard.recall, hard.traps) == (1, [])


def test_rows_of_other_documents_do_not_count() -> None:
    gold = {"label": "Ofsted", "aliases": {}}
    other = {"label": "Vale Trust", "document": {"file": "elsewhere.txt"}}
    result = _score("organisations", "organisations", gold, {"label": "Ofsted"}, other)
    assert (result.recall, result.precision) == (1, 1)
