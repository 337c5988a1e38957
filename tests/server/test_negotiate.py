"""Content negotiation: a table of headers and what each chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.negotiate import Offer, choose, parse

HTML, JSON, TURTLE = "text/html", "application/json", "text/turtle"
OFFERED = [HTML, JSON, TURTLE]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
RESULTS = Offer("application/sparql-results+json", ("application/json",))


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", HTML),
        ("*/*", HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/*", HTML),
        ("application/*", JSON),
        ("text/html;q=0.2, text/turtle;q=0.9", TURTLE),
        ("text/turtle;q=0.9, */*;q=0.9", TURTLE),
        ("text/*;q=0.9, text/html;q=0.1", TURTLE),
        ("text/html;q=0, */*", JSON),
        ("text/html;q=0, text/*", TURTLE),
        ("*/*;q=0.1, application/json;q=0.5", JSON),
        ("text/turtle; charset=utf-8; q=0.5, application/json;q=0.4", TURTLE),
        ("text/turtle ; q=1.000 , application/json", JSON),
        ("application/json,text/turtle;q=0.999", JSON),
        (BROWSER, HTML),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=high", None),
        ("text/turtle;q=1.5", None),
        ("text/turtle;q=-1", None),
        ("text/turtle;q=nan", None),
        ("*/html", None),
        ("gibberish", None),
        (", ,text/turtle,", TURTLE),
        ("text/turtle, text/turtle;q=0.1", TURTLE),
    ],
)
def test_header_chooses(accept: str, chosen: str | None) -> None:
    place = choose(accept, OFFERED)
    assert (None if place is None else OFFERED[place]) == chosen


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("application/json", 0),
        ("application/json;q=0.5, text/csv", 1),
        ("application/sparql-results+json;q=0, */*", 1),
        ("application/sparql-results+json;q=0.3, application/json, text/csv;q=0.5", 1),
        ("application/*", 0),
    ],
)
def test_alias_counts_where_it_is_named(accept: str, place: int) -> None:
    assert choose(accept, [RESULTS, Offer("text/csv")]) == place


def test_nothing_offered_is_nothing_chosen() -> None:
    assert choose("*/*", []) is None


@given(st.text(max_size=200))
def test_any_header_is_read(accept: str) -> None:
    place = choose(accept, OFFERED)
    assert place is None or 0 <= place < len(OFFERED)


@given(st.lists(st.sampled_from([*OFFERED, "*/*", "text/*", "image/png"]), min_size=1))
def test_what_is_chosen_was_asked_for(ranges: list[str]) -> None:
    place = choose(", ".join(ranges), OFFERED)
    asked = parse(", ".join(ranges))
    if place is None:
        assert not any(one.specificity(offer) for one in asked for offer in OFFERED)
    else:
        assert any(one.specificity(OFFERED[place]) for one in asked)
