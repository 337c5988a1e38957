"""Items of improvement lists are matched by their words."""

from __future__ import annotations

from search.evaluate.improvements import Item, score

GOLD = [
    {
        "file": "a",
        "scope": "la",
        "items": ["Write well-made plans.", "Meet."],
        "numbers": ["1", "2"],
    },
    {"file": "a", "scope": "lscb", "items": []},
]


def test_items_match_without_case_space_and_hyphens() -> None:
    given = [Item("a", "la", "write well\u00admade\nplans", "1"), Item("a", "la", "Meet", "3")]
    result = score(GOLD, given)
    assert (result.recall, result.precision) == (1.0, 1.0)
    assert [number for _, number in result.wrong_numbers] == ["3"]


def test_missing_and_extra_items_are_listed_and_other_files_left_out() -> None:
    given = [Item("a", "la", "Meet."), Item("a", "lscb", "Meet."), Item("b", "la", "Other.")]
    result = score(GOLD, given)
    assert [item.text for item in result.missing] == ["Write well-made plans."]
    assert [(item.scope, item.text) for item in result.extra] == [("lscb", "Meet.")]
