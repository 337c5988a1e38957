"""Which dates answer "when", and which only place the question."""

from __future__ import annotations

import pytest

from search.ask import timing
from search.ask.content import content
from search.ask.cues import cues
from search.ask.records import Reading


def _reading(question: str, *dates: str) -> Reading:
    found = frozenset(n for n, words in cues().named.items() if words.search(question))
    return Reading(question, question, "date", question, dates=dates, cues=found)


@pytest.mark.parametrize(
    ("question", "dates", "sentence", "answers"),
    [
        ("When did the plan begin?", (), "The plan commenced in May 2021.", True),
        ("When did the plan begin?", (), "The plan was discussed in May 2021.", False),
        ("When did the plan discussed in May 2021 begin?", ("2021-05",), "It began then.", False),
        ("When did it begin in May 2021?", ("2021-05",), "It began in May 2021.", False),
        ("When did it begin in May 2021?", ("2021-05",), "It began on 4 May 2021.", True),
        ("When did she write?", (), "On 3 June 2020 the chair wrote to the board.", True),
        ("When did she write?", (), "The chair left on 3 June 2020.", False),
        (
            "Since when was the chair in post in 2014?",
            ("2014",),
            "The chair has been in post since May 2011.",
            True,
        ),
        (
            "Since when was the chair in post in 2014?",
            ("2014",),
            "The chair has been in post since May 2019.",
            False,
        ),
        ("When was the fair?", (), "There is a fair on 1 May 2020.", True),
    ],
)
def test_a_date_answers_when_it_is_of_what_is_asked_about(
    question: str, dates: tuple[str, ...], sentence: str, answers: bool
) -> None:
    assert timing.answers(sentence, content(sentence), _reading(question, *dates)) is answers


def test_what_is_close_is_not_closed() -> None:
    assert timing.happenings("The home was closed.") == {"ends"}
    assert not timing.happenings("Close monitoring goes on in close partnership.")
    assert timing.of_tenure("She resigned.")
    assert timing.happenings("Why was he sacked?") == {"ends"}
    assert not timing.of_tenure("She wrote.")


def test_a_question_for_a_day_wants_a_whole_date() -> None:
    asked = _reading("On what date did the board meet?")
    assert timing.to_the_day(content("It met on 4 May 2021."), asked)
    assert not timing.to_the_day(content("It met in May 2021."), asked)
    assert not timing.to_the_day(content("It met on 4 May 2021."), _reading("When did it meet?"))
