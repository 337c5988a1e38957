"""Who held a post on a day, and where none or two are named: from dates of any precision."""

from __future__ import annotations

from typing import Any

import pytest

from search.facts import Fact
from search.tenures import covers, gaps_and_overlaps, on_day


def held(
    start: str | None = None, end: str | None = None, on: str | None = None, post: str = "director"
) -> Fact:
    """A tenure as the list of facts has it."""
    dates: dict[str, Any] = {"start": start, "end": end, "held_on": on}
    name = f"tenure/{post}/{start}-{end}"
    return {**dates, "iri": name, "post": post, "post_iri": f"post/{post}", "mode": "unknown"}


@pytest.mark.parametrize(
    ("tenure", "day", "answer"),
    [
        (held("2018-11", "2019-06"), "2019-01-15", "yes"),
        (held("2018-11", "2019-06"), "2019-06-15", "maybe"),
        (held("2018-11", "2019-06"), "2018-11-02", "maybe"),
        (held("2018-11", "2019-06"), "2019-07-01", "no"),
        (held("2018-11", "2019-06"), "2018-10-31", "no"),
        (held("2018", "2021-05"), "2018-07-01", "maybe"),
        (held("2018", "2021-05"), "2019", "yes"),
        (held("2018"), "2019-01-01", "maybe"),
        (held(None, "2019-06"), "2010-01-01", "maybe"),
        (held(None, "2019-06"), "2020-01-01", "no"),
        (held(on="2020-03-19"), "2020-03-19", "yes"),
        (held(on="2020-03-19"), "2020-03", "yes"),
        (held(on="2020-03-19"), "2020-03-20", "no"),
        (held("2019", on="2020-03-19"), "2020-03-19", "yes"),
    ],
)
def test_a_day_is_covered_only_where_the_dates_settle_it(
    tenure: Fact, day: str, answer: str
) -> None:
    assert covers(tenure, day) == answer


def test_an_open_tenure_ends_for_us_when_the_next_has_begun() -> None:
    first, second = held("2015"), held("2018-03")
    found, silent = on_day([second, first], "2019-01-01")
    assert [answer.tenure for answer in found] == [second]
    assert not found[0].sure
    assert found[0].reason == "The documents do not say when this ended."
    assert silent == []


def test_a_sure_holder_comes_before_one_who_may_be() -> None:
    found, _ = on_day([held("2015", "2019"), held("2017-01", "2020-01")], "2019-03-01")
    assert [answer.sure for answer in found] == [True, False]


def test_posts_without_a_holder_that_day_are_named_but_not_those_never_dated() -> None:
    other = held("2012", "2014", post="chair")
    found, silent = on_day([held("2018", "2020"), other, held(post="clerk")], "2019")
    assert [answer.tenure["post"] for answer in found] == ["director"]
    assert silent == [other]


def test_a_gap_is_what_no_reading_of_the_dates_fills() -> None:
    (gap,) = gaps_and_overlaps([held("2018-01", "2018-11"), held("2019-02", "2019-06")])
    assert (gap.kind, gap.first, gap.last) == ("gap", "2018-12-01", "2019-01-31")


def test_an_overlap_is_what_every_reading_of_the_dates_has() -> None:
    (both,) = gaps_and_overlaps([held("2018", "2019-06"), held("2019-03", "2020")])
    assert (both.kind, both.first, both.last) == ("overlap", "2019-03-31", "2019-06-01")


@pytest.mark.parametrize(
    "tenures",
    [
        [held("2018-01", "2018-11"), held("2018-12", "2019-06")],
        [held("2018-01", "2018-11"), held("2018-11", "2019-06")],
        [held("2018-01"), held("2019-02", "2019-06")],
        [held("2018-01", "2018-03"), held("2019-02", post="chair")],
    ],
)
def test_what_may_be_neither_is_neither(tenures: list[Fact]) -> None:
    assert gaps_and_overlaps(tenures) == []
