"""Search for findings over the small library."""

from __future__ import annotations

import pytest

from kg.errors import QueryError
from search.filters import Filters
from search.findings import search_findings
from search.search import Searcher
from tests.search.library import LETTER, library


def test_the_finding_that_says_it_comes_first(searcher: Searcher) -> None:
    found = search_findings(searcher, "agency workers employed")
    assert len(found) == 3
    assert found[0].text.startswith("Members of the committee asked")
    assert (found[0].polarity, found[0].themes, found[0].assertor) == (
        "weakness",
        ("agency-staff",),
        "member",
    )
    assert found[0].id.startswith("finding/saltby/minutes/")


def test_places_are_in_the_stored_text(searcher: Searcher) -> None:
    texts = {record.document.id: record.document.text for record in library()}
    for finding in search_findings(searcher, "children"):
        assert texts[finding.document.id][finding.start : finding.end] == finding.text


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(polarity=("strength",)), 1),
        (Filters(theme=("agency-staff", "direct-work")), 2),
        (Filters(assertor=("inspector",), polarity=("weakness",)), 1),
        (Filters(authority=("saltby",)), 1),
        (Filters(polarity=("mixed",)), 0),
    ],
)
def test_filters_are_of_the_finding_itself(
    searcher: Searcher, filters: Filters, count: int
) -> None:
    assert len(search_findings(searcher, "children", filters)) == count


def test_limit_and_order(searcher: Searcher) -> None:
    found = search_findings(searcher, LETTER[1], limit=2)
    assert len(found) == 2
    assert found[0].text == LETTER[1]
    assert found[0].score > found[1].score


def test_words_are_needed(searcher: Searcher) -> None:
    with pytest.raises(QueryError):
        search_findings(searcher, "…")
