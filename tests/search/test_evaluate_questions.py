"""How answers are marked."""

from __future__ import annotations

from typing import Any

import pytest

from search.ask.records import Answer, Citation
from search.evaluate.questions import covers, mark, score
from search.search import DocumentRef

WORDS = "The board met on 4 May 2021 and agreed the plan with all its partners."


def _answer(text: str, *, answered: bool = True, values: tuple[str, ...] = ()) -> Answer:
    cited = Citation(DocumentRef("a", "A", "a.txt"), None, WORDS, 0, len(WORDS))
    return Answer("?", answered, text, values, (), None, (cited,) if answered else (), None)


def _row(**other: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "type": "date-of-event",
        "question": "When?",
        "answerable": True,
        "answer_kind": "date",
        "answer": ["4 May 2021"],
        "evidence": [{"quote": WORDS}],
        "note": "ev=any",
        **other,
    }


@pytest.mark.parametrize(
    ("row", "answer", "marked"),
    [
        (_row(), _answer("It met on 4 May 2021."), "right"),
        (_row(), _answer("It met in spring.", values=("2021-05-04",)), "right"),
        (_row(), _answer("It met on 5 May 2021."), "wrong"),
        (_row(), _answer("", answered=False), "refused"),
        (_row(answer=["May 2021"]), _answer("On 4 May 2021."), "right"),
        (_row(answer=[["12"], ["north", "the north"]]), _answer("12 in the north"), "right"),
        (_row(answer=[["12"], ["south"]]), _answer("12 in the north"), "wrong"),
        (_row(answer=["3"]), _answer("word " * 70 + "3"), "wrong"),
        (_row(answer_kind="passage", answer=["agreed"]), _answer("…"), "right"),
        (_row(answerable=False, answer=[]), _answer("", answered=False), "right"),
        (_row(answerable=False, answer=[]), _answer("4 May 2021"), "wrong"),
    ],
)
def test_an_answer_is_marked(row: dict[str, Any], answer: Answer, marked: str) -> None:
    assert mark(row, answer, lambda _: None).mark == marked


def test_half_of_the_words_in_order_cover_a_quotation() -> None:
    assert covers(["a", "b", "c", "d"], ["x", "a", "y", "b"])
    assert not covers(["a", "b", "c", "d"], ["b", "a"])


def test_the_outcome_counts_each_type_and_lists_misses() -> None:
    rows = [_row(), _row(id="q2", question="no")]
    outcome = score(
        rows, lambda q: _answer("4 May 2021" if q == "When?" else "1 June"), lambda _: None
    )
    values = {measure.name: measure.value for measure in outcome.measures}
    assert values["answerable right"] == 0.5
    assert values["answers with evidence"] == 1.0
    assert [miss.item for miss in outcome.misses] == ["q2 date-of-event: wrong"]
