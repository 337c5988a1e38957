"""What sentences hold, and what they settle."""

from __future__ import annotations

import pytest

from search.ask.content import content
from search.ask.verdict import verdict
from search.ask.words import date_words, number_words


def test_a_number_inside_a_date_an_age_or_a_clause_counts_nothing() -> None:
    assert content("On 4 May 2020 children aged 12 were seen under section 47.").numbers == ()
    assert content("There were 1,204 referrals, 38% more.").numbers == ("1204", "38")


def test_what_is_not_good_has_no_grade() -> None:
    assert content("Adoption is good.").graded
    assert not content("Adoption is not yet good.").graded


def test_a_day_without_a_year_is_the_last_before_the_document() -> None:
    assert content("On 19 December there were 12 posts.", "2022-01").dates == ("2021-12-19",)
    assert content("On 19 December there were 12 posts.").dates == ()


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Was the plan agreed?", "The plan was agreed in May.", "Yes"),
        ("Was the plan agreed?", "The plan was not agreed.", "No"),
        ("Were all visits published?", "Three visits took place, the latter two published.", "No"),
        ("Did officers accept it?", "Yes, they did not doubt it.", "Yes"),
        ("Were any children missing?", "0 children were missing.", "No"),
        ("Did no child wait?", "No child waited.", "Yes"),
    ],
)
def test_a_sentence_settles_a_question(question: str, sentence: str, said: str) -> None:
    assert verdict(question, sentence) == said


def test_values_are_put_into_words() -> None:
    assert date_words("2019-07-04") == "4 July 2019"
    assert date_words("2019-07/2019-09") == "July 2019 to September 2019"
    assert date_words("2021-01-01/") == "1 January 2021"
    assert number_words("173.60") == "173.6"
    assert number_words("-16") == "-16"
