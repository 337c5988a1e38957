"""Recurring issues scored against labelled ones."""

from __future__ import annotations

from typing import Any

from search.evaluate.recurrence import score

GOLD = [
    {
        "issue": "Supervision is irregular",
        "status_at_last": "persisting",
        "occurrences": [
            {"doc": "a.pdf", "quote": "Supervision is not regular in two of the teams."},
            {"doc": "b.pdf", "quote": "Social workers go for months without supervision."},
        ],
    },
    {
        "issue": "Carers are not trained",
        "status_at_last": "resolved",
        "occurrences": [
            {"doc": "a.pdf", "quote": "Foster carers are not all trained in safe care."},
            {"doc": "b.pdf", "quote": "Training of foster carers is patchy at best."},
        ],
    },
    {
        "why": "panel against training",
        "quotes": [
            {"doc": "a.pdf", "quote": "The fostering panel seldom asks for more."},
            {"doc": "b.pdf", "quote": "Training of foster carers is patchy at best."},
        ],
    },
]


def _issue(label: str, *quotes: tuple[str, str], status: str = "persisting") -> dict[str, Any]:
    told = [{"document": {"file": file}, "quote": quote} for file, quote in quotes]
    return {"label": label, "status": status, "occurrences": told}


SUPERVISION = _issue(
    "supervision",
    ("a.pdf", "Supervision is not regular in two of the teams."),
    ("b.pdf", "However, social workers go for months without supervision."),
)


def test_an_issue_is_found_by_two_of_its_quotations_in_two_documents() -> None:
    result = score(GOLD, [SUPERVISION])
    assert (result.found, result.gold) == (1, 2)
    assert (result.right, result.touching) == (1, 1)
    assert result.status == 1
    assert result.apart == 1
    assert result.missed == ["Carers are not trained"]


def test_a_status_other_than_the_label_is_wrong() -> None:
    result = score(GOLD, [{**SUPERVISION, "status": "resolved"}])
    assert (result.found, result.status_right) == (1, 0)


def test_two_quotations_of_different_issues_are_wrong_and_may_break_a_pair() -> None:
    mixed = _issue(
        "mixed",
        ("a.pdf", "The fostering panel seldom asks for more."),
        ("b.pdf", "Training of foster carers is patchy at best."),
    )
    result = score(GOLD, [mixed])
    assert (result.found, result.right, result.touching) == (0, 0, 1)
    assert result.apart == 0
    assert result.wrong == ["mixed"]


def test_nothing_found_scores_nothing() -> None:
    result = score(GOLD, [])
    assert (result.recall, result.precision, result.apart) == (0, 1, 1)
