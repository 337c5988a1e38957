"""Who chairs: said of what the question names."""

from __future__ import annotations

import pytest

from search.ask import chairs
from search.ask.records import Reading

ASKED = Reading("", "who chairs the harbour board?", "person", "chairs the harbour board")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The mayor chairs the Harbour Board.", True),
        ("The Harbour Board meets monthly and is chaired by the mayor.", True),
        ("COUNCILLOR FINCH IN THE CHAIR", True),
        ("The chair of the harbour board is Ada Finch.", True),
        ("The chair of the harbour board has been in post since May.", False),
        ("The mayor, who chairs the library panel, meets the chair of the board.", False),
    ],
)
def test_who_chairs_is_told_of_what_is_asked(text: str, told: bool) -> None:
    assert chairs.told(text, ASKED) is told


def test_minutes_say_who_was_in_the_chair() -> None:
    assert chairs.presided("COUNCILLOR FINCH IN THE CHAIR")
    assert not chairs.presided("The board is chaired by the mayor.")
