"""Loops of repeated text are kept once; what is said twice on purpose stays."""

from __future__ import annotations

import pytest

from kg.structure.phrases import collapse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Two of the aims in 'Safer homes, safer lives' (Safer homes, safer lives) (Safer "
            "homes, safer lives' (Safer homes, safer lives')) (Safer homes, safer lives) (Saf",
            "Two of the aims in 'Safer homes, safer lives'",
        ),
        ("It said so. It said so. It was noted.", "It said so. It said so. It was noted."),
        ("Good, good, good, good", "Good, good, good, good"),
        (
            "before the plan is agreed the plan is agreed the plan is agreed after",
            "before the plan is agreed after",
        ),
    ],
)
def test_a_phrase_that_loops_is_printed_once(text: str, wanted: str) -> None:
    assert collapse(text) == wanted
