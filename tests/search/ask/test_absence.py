"""Whether a sentence says that there is none of what a question speaks of."""

from __future__ import annotations

import pytest

from search.ask.absence import denies


@pytest.mark.parametrize(
    ("text", "topic", "denied"),
    [
        ("There are no care leavers in Kelland.", "care leavers in", True),
        ("No case reviews were completed in the year.", "the case review", True),
        ("No serious incidents led to case reviews in the year.", "the case review", False),
        ("Case reviews are read by all, with no exception.", "the case review", False),
        ("There are no care leavers in Kelland.", "the", False),
    ],
)
def test_a_sentence_denies_what_stands_after_its_no(text: str, topic: str, denied: bool) -> None:
    assert denies(text, topic) is denied
