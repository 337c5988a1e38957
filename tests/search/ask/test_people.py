"""Whether a sentence can tell who."""

from __future__ import annotations

import pytest

from search.ask.people import answers, names


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        ("Ada Finch has been re-appointed.", "Who was re-appointed?", True),
        ("The lead inspector was Ada Finch.", "Was it Ada Finch who led?", True),
        ("The visit was led by Ada Finch.", "Who was there beside Ada Finch?", False),
        ("The post is covered by the deputy director.", "Who covers the post?", True),
        ("The director came with the Assistant Director.", "Who came with the director?", True),
        ("Reports go to the Contract Manager.", "Who is the contract manager?", False),
        ("The Improvement Board met in March.", "Who met in March?", False),
        ("The ‘Great Winter Count’ was held.", "Who held it?", False),
        ("It is sent to the Kelland Office.", "Who sits at the office of Kelland?", False),
        ("The work of Social Workers is uneven.", "Who worked unevenly?", False),
    ],
)
def test_who_is_told_by_a_new_name_or_role(text: str, question: str, told: bool) -> None:
    assert answers(text, question) is told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("COUNCILLOR FINCH IN THE CHAIR", ("Finch",)),
        ("Asked by MRS MOOR, he agreed.", ("Moor",)),
        ("Apologies came from Cllr Moor and from Dr Ada Finch.", ("Cllr Moor", "Dr Ada Finch")),
        ("Councillors were told of it.", ()),
    ],
)
def test_a_title_of_address_tells_a_name(text: str, found: tuple[str, ...]) -> None:
    assert names(text) == found


def test_titles_bodies_and_months_are_no_names() -> None:
    text = "Overview and Scrutiny Committee, Kelland Council, Early March, Strategic Director"
    assert not names(text)
    assert names("The clerk was Ada Finch-Moor of Kelland.") == ("Ada Finch-Moor",)
