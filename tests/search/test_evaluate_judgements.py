"""Cells of the table of judgements are scored by the rules of the gold."""

from __future__ import annotations

from search.evaluate.judgements import COLUMNS, score

GOLD = dict.fromkeys(COLUMNS, "") | {
    "file": "a.pdf",
    "framework": "SIF",
    "inspection_start_date": "2015-03-03",
    "inspection_end_date": "2015-03-26",
    "publication_date": "2015-05-11",
    "publication_date_source": "text",
    "lead_inspector": "Basil Thorne-Iwu",
    "overall_effectiveness": "requires improvement",
    "scoring_flags": "",
}


def test_grades_names_and_not_judged_are_compared_by_meaning() -> None:
    given = GOLD | {
        "overall_effectiveness": "Requires Improvement to be good",
        "adoption": "not-judged",
        "lead_inspector": "BASIL  Thorne-Iwu",
    }
    result = score([GOLD], {"a.pdf": given})
    assert (result.share, result.misses) == (1.0, [])


def test_wrong_and_missing_are_told_apart_and_listed() -> None:
    given = GOLD | {"overall_effectiveness": "good", "lead_inspector": "", "adoption": "good"}
    result = score([GOLD], {"a.pdf": given})
    assert (result.wrong, result.missing) == (2, 1)
    assert {miss.column for miss in result.misses} == {
        "overall_effectiveness",
        "lead_inspector",
        "adoption",
    }


def test_a_date_that_is_not_in_the_text_must_not_be_given() -> None:
    gold = GOLD | {"publication_date_source": "file name"}
    assert score([gold], {"a.pdf": GOLD}).wrong == 1


def test_flags_give_second_answers_and_leave_cells_out() -> None:
    flags = (
        "dates: two parts, accept end 2015-03-12 or 2015-03-26; framework: short/standard ambiguous"
    )
    given = GOLD | {"inspection_end_date": "2015-03-12", "framework": "other"}
    result = score([GOLD | {"scoring_flags": flags}], {"a.pdf": given})
    assert (result.scored, result.share) == (len(COLUMNS) - 1, 1.0)
