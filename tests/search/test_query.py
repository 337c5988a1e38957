"""Reading a query: typing errors, terms and weights."""

from __future__ import annotations

import numpy as np
import pytest

from search import query
from search.query import LINKED, NEAR, SPELT, Known
from search.search import Searcher
from search.thesaurus import Term, Thesaurus

TERMS = Thesaurus([Term("initial conference", ("ICPC",), ("first meeting",))])


def read(text: str, searcher: Searcher) -> query.Query:
    return query.read(text, Known(TERMS, searcher.index.sparse, frozenset({"boards"})))


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
        ("boards", ()),
        ("elephants", ()),
    ],
)
def test_typing_errors(
    text: str, corrected: tuple[tuple[str, str], ...], searcher: Searcher
) -> None:
    assert read(text, searcher).corrected == corrected


def test_words_that_no_passage_has_lower_the_shares(searcher: Searcher) -> None:
    sparse = searcher.index.sparse
    every = np.arange(sparse.count)
    alone = sparse.scores({"comput": 1.0}, every)
    beside = sparse.scores({"comput": 1.0, "zeppelin": 1.0}, every)
    assert alone.max() == 1
    assert 0 < beside.max() <= 0.5
    assert sparse.scores({"comput": 1.0, "=no such term": 1.0}, every).max() == 1


def test_a_word_in_a_terms_wording_is_not_left_unanswered(searcher: Searcher) -> None:
    assert "icpc" not in read("late ICPCs", searcher).terms
    assert "zeppelin" in read("late zeppelins", searcher).terms
