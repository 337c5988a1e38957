"""Figures of findings on a handful of invented rows."""

from __future__ import annotations

from typing import Any

from search.evaluate.findings import agreement, score


def gold(sentence: str, polarity: str | None, *themes: str, hard: bool = False) -> dict[str, Any]:
    found = polarity is not None
    row = {"doc": "a.pdf", "sentence": sentence, "is_finding": found, "polarity": polarity}
    return {**row, "themes": list(themes), "hard": hard}


def said(text: str, polarity: str | None, *themes: str) -> dict[str, Any]:
    row = {"document": {"file": "a.pdf"}, "text": text, "is_finding": polarity is not None}
    return {**row, "polarity": polarity, "themes": list(themes)}


def test_strict_figures_leave_hard_rows_out() -> None:
    outcome = score(
        [
            gold("Plans are weak.", "weakness", "plans", "drift-and-delay"),
            gold("Visits are re-\ngular.", "strength", "direct-work"),
            gold("A board met.", None),
            gold("Staff cope.", "mixed", "caseloads", hard=True),
        ],
        [
            said("Plans are weak.", "weakness", "drift-and-delay", "plans"),
            said("Visits are regular.", "weakness", "direct-work"),
            said("A board met.", None),
            said("Staff cope.", None),
        ],
    )
    values = {measure.name: measure.value for measure in outcome.measures}
    assert values["finding F1"] == 1.0
    assert values["polarity right"] == 0.5
    assert values["main theme is the first listed"] == 0.5
    assert values["main theme is among the listed"] == 1.0
    assert values["first listed theme among three"] == 1.0
    assert values["all: polarity right"] == 1 / 3
    assert outcome.counts == {"sentences": 4, "hard": 1, "not found": 0}


def test_a_sentence_that_is_missing_counts_as_no_finding() -> None:
    outcome = score([gold("Plans are weak.", "weakness", "plans")], [])
    assert outcome.counts["not found"] == 1
    assert outcome.measures[0].value == 0.0


def test_agreement_of_opposites_is_minus_one() -> None:
    assert agreement([(True, False), (False, True)]) == (0.0, -1.0)
