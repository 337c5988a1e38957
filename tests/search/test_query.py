"""Reading a query: typing errors, terms and weights."""

from __future__ import annotations

import pytest

from search import query
from search.query import LINKED, NEAR, SPELT
from search.search import Searcher
from search.thesaurus import Term, Thesaurus

TERMS = Thesaurus([Term("initial conference", ("ICPC",), ("first meeting",))])


def read(text: str, searcher: Searcher) -> query.Query:
    return query.read(text, TERMS, searcher.index.sparse)


def test_an_abbreviation_weighs_as_its_term_and_is_spelt_out(searcher: Searcher) -> None:
    asked = read("late ICPCs", searcher)
    assert asked.worded == "late initial conference"
    assert asked.terms["=initial conference"] == 1
    assert asked.terms["late"] == 1
    assert asked.terms["initi"] == SPELT
    assert asked.understood == ("initial conference",)


def test_a_near_wording_is_a_hint_behind_the_query(searcher: Searcher) -> None:
    asked = read("the first meeting", searcher)
    assert asked.worded == "the first meeting; initial conference"
    assert asked.terms["=initial conference"] == NEAR


def test_terms_alike_in_meaning_never_lower_a_weight(searcher: Searcher) -> None:
    asked = query.linked(read("late ICPC", searcher), TERMS.terms, TERMS)
    assert asked.terms["=initial conference"] == 1
    other = query.linked(read("late", searcher), TERMS.terms, TERMS)
    assert other.terms["=initial conference"] == LINKED


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("comittee", (("comittee", "committee"),)),
        ("commitee", (("commitee", "committee"),)),
        ("assesments lost", (("assesments", "assessments"),)),
        ("conferences", ()),
        ("fastor", ()),
        ("wek", ()),
        ("elephants", ()),
    ],
)
def test_typing_errors(
    text: str, corrected: tuple[tuple[str, str], ...], searcher: Searcher
) -> None:
    assert read(text, searcher).corrected == corrected
