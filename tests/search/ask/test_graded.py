"""Questions that ask for grades without a word for a grade, and those that only seem to."""

from __future__ import annotations

import pytest

from search.ask.amounts import wanted
from search.ask.asker import Asker
from search.ask.people import names
from search.ask.verdict import verdict

GRADED = {
    "Is North Yorkshire good?": "yes-no",
    "Is North Yorkshire good or outstanding?": "grade",
    "Was North Yorkshire better in 2022 than in 2018?": "yes-no",
    "Was North Yorkshire better or worse in 2022 than in 2018?": "grade",
    "How did North Yorkshire do in 2020?": "grade",
    "North Yorkshire 2018 vs 2020": "grade",
    "How did North Yorkshire go from 2018 to 2020?": "grade",
    "Has leadership in North Yorkshire improved since 2018?": "yes-no",
    "Why was North Yorkshire inadequate in 2020?": "cause",
}


@pytest.mark.parametrize(("question", "asks"), GRADED.items())
def test_a_council_alone_on_a_scale_is_asked_about_by_its_grade(
    asker: Asker, question: str, asks: str
) -> None:
    reading = asker.read(question)
    assert reading.has("graded")
    assert reading.asks == asks


@pytest.mark.parametrize(
    "question",
    [
        "Was supervision in North Yorkshire better in 2022 than in 2018?",
        "What has improved in North Yorkshire since 2018?",
        "What did North Yorkshire have to improve after the 2020 inspection?",
        "How did North Yorkshire change its front door?",
    ],
)
def test_a_thing_beside_the_council_is_what_is_asked_about(asker: Asker, question: str) -> None:
    assert not asker.read(question).has("graded")


def test_of_two_sides_neither_is_taken_for_the_answer(asker: Asker) -> None:
    reading = asker.read("Did the number of agency staff rise or fall in 2020?")
    assert reading.asks == "number"
    assert reading.has("change")
    assert not reading.has("better")
    assert not reading.has("worse")


def test_a_grade_that_was_not_given_has_no_reason(asker: Asker) -> None:
    answer = asker.ask("Why was the overall effectiveness inadequate in March 2020?")
    assert not answer.answered
    assert "requires improvement" in str(answer.reason)
    assert answer.citations


def test_the_latest_grade_says_yes_or_no(asker: Asker) -> None:
    answer = asker.ask("Is the overall effectiveness inadequate?")
    assert answer.form == "grade-check-latest"
    assert answer.values[0] == "No"


def test_the_name_of_a_council_is_no_part_of_what_is_counted(asker: Asker) -> None:
    reading = asker.read("number of children's homes North Yorkshire runs")
    assert wanted(reading).nouns[-1] == "home"


def test_a_negation_in_another_clause_denies_nothing() -> None:
    said = "Caseloads are too high still, so workers do not get enough time for visits."
    assert verdict("Are workers' caseloads too high?", said) == "Yes"
    assert verdict("Do workers have enough time?", said) == "No"


def test_the_name_of_a_trust_is_nobodys() -> None:
    assert names("Black Moor Partnership Foundation Trust runs it; Ann Field leads it.") == (
        "Ann Field",
    )


def test_the_apostrophe_of_a_council_may_be_left_out(asker: Asker) -> None:
    reading = asker.read("what was oldhams grade")
    assert any(link.label == "oldham" for link in reading.links)
