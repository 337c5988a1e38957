"""Terms of the domain: found in any wording, and the published list itself."""

from __future__ import annotations

import pytest

from search.thesaurus import Term, Thesaurus
from search.words import words

SMALL = Thesaurus(
    [
        Term("initial conference", ("ICPC",), ("first meeting",)),
        Term("conference"),
        Term("information technology", ("IT",)),
        Term("information", ("info",)),
    ]
)


def found(text: str) -> list[tuple[str, bool]]:
    return [(mention.term.label, mention.exact) for mention in SMALL.longest(words(text))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("late ICPCs", [("initial conference", True)]),
        ("the icpc's chair", [("initial conference", True)]),
        ("Initial  conferences,", [("initial conference", True)]),
        ("conferences", [("conference", True)]),
        ("a first meeting", [("initial conference", False)]),
        ("it works", []),
        ("more info", [("information", True)]),
        ("cared for informally", []),
        ("IT works", [("information technology", True)]),
        ("meeting first", []),
    ],
)
def test_terms_are_found_in_any_wording(text: str, terms: list[tuple[str, bool]]) -> None:
    assert found(text) == terms


def test_nested_terms_are_mentioned_too() -> None:
    labels = {mention.term.label for mention in SMALL.mentions(words("initial conference"))}
    assert labels == {"initial conference", "conference"}


def test_the_published_list_has_no_empty_or_repeated_wording() -> None:
    for term in Thesaurus.load().terms:
        wordings = [term.label, *term.same, *term.near]
        assert all(wording.strip() == wording and wording for wording in wordings), term
        assert len({wording.lower() for wording in wordings}) == len(wordings), term


@pytest.mark.parametrize(
    ("short", "label"),
    [
        ("ICPC", "initial child protection conference"),
        ("PLO", "public law outline"),
        ("IRO", "independent reviewing officer"),
        ("LADO", "local authority designated officer"),
        ("MASH", "multi-agency safeguarding hub"),
        ("DCS", "director of children's services"),
        ("s.47", "section 47 enquiry"),
    ],
)
def test_the_published_list_knows_the_common_abbreviations(short: str, label: str) -> None:
    mentions = Thesaurus.load().longest(words(f"what of {short} here"))
    assert [mention.term.label for mention in mentions] == [label]
