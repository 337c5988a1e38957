"""The number that answers is the one beside what is counted."""

from __future__ import annotations

import pytest

from search.ask.amounts import amounts, counted


@pytest.mark.parametrize(
    ("question", "sentence", "values"),
    [
        ("How many vacancies were there?", "On 3 May there were 41 vacancies.", ["41"]),
        (
            "How many languages are spoken?",
            "A fifth, 20 per cent, are under ten and 150 languages are spoken.",
            ["150"],
        ),
        ("How many schools are there?", "Children in 12 homes walk or cycle to school.", []),
        ("How much did the review cost?", "The review took 14 weeks and cost £90,000.", ["90000"]),
        ("How much was saved?", "Over 3 years 2 million was saved.", ["2"]),
        ("How much did the review cost?", "The 3 reviewers met 14 times.", []),
        ("What percentage of plans was late?", "Of 60 plans 35% were late.", ["35"]),
        ("How many visits were there?", "This was the third visit since then.", ["third"]),
        ("How many visits were there?", "At the third visit all was well.", []),
        ("How many children lived in homes?", "There 14 children were.", ["14"]),
        ("How many inspections were there?", "See the Inspections Act 2006.", []),
        ("How many homes does Kelland have?", "It runs three children's homes.", ["3"]),
        ("How many strengths were found?", "There were thirty-four key strengths.", ["34"]),
        ("How many social work teams are there?", "It is one social work team.", ["1"]),
        ("How many plans were there?", "One of the plans was late.", []),
        ("How many plans were late?", "Five years on, plans are late.", []),
        ("How many of the plans were late?", "Of these, 6 plans were late.", ["6"]),
        ("How many people live there?", "See file 20190603 on people of the town.", []),
    ],
)
def test_a_number_is_of_what_is_counted(question: str, sentence: str, values: list[str]) -> None:
    assert [each.value for each in amounts(sentence, counted(question))] == values


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("How many councillors voted for it?", "vote"),
        ("How many children died in care?", "die"),
        ("How many unused desks were there?", ""),
        ("How many children lived there?", ""),
    ],
)
def test_what_those_counted_are_said_to_have_done(question: str, verb: str) -> None:
    assert counted(question).verb == verb


def test_a_question_without_a_noun_wants_any_number() -> None:
    wanted = counted("How big was the largest caseload?")
    assert wanted.empty
    assert [each.value for each in amounts("Caseloads reached 50.", wanted)] == ["50"]
