"""Dates as documents print them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import dates

PRINTED = [
    ("18 Feb 2014 – 12 March 2014", ["2014-02-18/2014-03-12"]),
    ("19 November – 11 December 2013", ["2013-11-19/2013-12-11"]),
    ("29 December to 3 January 2020", ["2019-12-29/2020-01-03"]),
    ("9–24 November 2017", ["2017-11-09/2017-11-24"]),
    ("28 January–5 February 2014", ["2014-01-28/2014-02-05"]),
    (
        "8 to 12 July 2019 and 7 to 8\nAugust 2019",
        ["2019-07-08/2019-07-12", "2019-08-07/2019-08-08"],
    ),
    ("3 May and 28 – 30 \nJune 2014", ["2014-05-03", "2014-06-28/2014-06-30"]),
    ("on 8 and 9 June 2022", ["2022-06-08/2022-06-09"]),
    ("on 7 and 21 June 2021", ["2021-06-07", "2021-06-21"]),
    ("between 17 and 28 September 2018", ["2018-09-17/2018-09-28"]),
    ("between 27 February and 3 March 2017", ["2017-02-27/2017-03-03"]),
    ("31/08/2018", ["2018-08-31"]),
    ("5.4.2019", ["2019-04-05"]),
    ("2019-07-04", ["2019-07-04"]),
    ("TUESDAY, 7 JANUARY 2020", ["2020-01-07"]),
    ("Dated this 9th day of February 2022", ["2022-02-09"]),
    ("Dated this day of 09 February 2022", ["2022-02-09"]),
    ("March 3, 2021", ["2021-03-03"]),
    ("Sept. 2018", ["2018-09"]),
    ("from April to June 2019", ["2019-04/2019-06"]),
    ("autumn 2019", ["2019-09/2019-11"]),
    ("winter 2019", ["2019-12/2020-02"]),
    ("2015/16", ["2015/2016"]),
    ("2018–2021", ["2018/2021"]),
    ("in 2014 and 2017", ["2014", "2017"]),
    ("the Children Act 2004 and the Regulations 2013", []),
    ("2015 children, £2019 and 2,016", []),
    ("30 February 2020", []),
    ("in May we may march", []),
]


@pytest.mark.parametrize(("text", "wanted"), PRINTED)
def test_printed_dates_are_found(text: str, wanted: list[str]) -> None:
    assert [span.edtf for span in dates.find(text)] == wanted


def test_a_span_bounds_the_words_of_the_date() -> None:
    text = "It was held on Wednesday, 1 March 2023 at noon."
    (span,) = dates.find(text)
    assert text[span.start : span.end] == "Wednesday, 1 March 2023"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("last month", "2019-06"),
        ("the following year", "2020"),
        ("in May", "2019-05"),
        ("in August", "2018-08"),
        ("on 26 July", "2018-07-26"),
        ("between 17 and 28 September", "2018-09-17/2018-09-28"),
        ("from 27 December to 3 January", "2018-12-27/2019-01-03"),
        ("two weeks earlier", "2019-06-20"),
        ("three months ago", "2019-04"),
        ("last summer", "2019-06/2019-08"),
        ("yesterday", "2019-07-03"),
        ("on 2 March 2015", "2015-03-02"),
        ("some time ago", None),
    ],
)
def test_relative_dates_are_read_from_their_anchor(text: str, wanted: str | None) -> None:
    assert dates.resolve_relative(text, "2019-07-04") == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("2018-10", "2018-10-29", True),
        ("2018-09-17/2018-09-28", "2018-09", True),
        ("2018", "2018", True),
        ("2018-09-17/", "2019-01", True),
        ("/2018-09-17", "2018-10", False),
        ("2018-10", "2018-09", False),
        ("2018-09-17/2018-09-28", "2018-09-25/2018-10-02", False),
    ],
)
def test_dates_agree_when_one_contains_the_other(a: str, b: str, wanted: bool) -> None:
    assert dates.compatible(a, b) is wanted
    assert dates.compatible(b, a) is wanted


@pytest.mark.parametrize(
    ("edtf", "first", "last", "datatype"),
    [
        ("2019", "2019-01-01", "2019-12-31", "XMLSchema#gYear"),
        ("2020-02", "2020-02-01", "2020-02-29", "XMLSchema#gYearMonth"),
        ("2019-07-04", "2019-07-04", "2019-07-04", "XMLSchema#date"),
        ("2018-09/2018-11-03", "2018-09-01", "2018-11-03", "edtf/EDTF"),
        ("2018-09/", "2018-09-01", "", "edtf/EDTF"),
    ],
)
def test_a_date_has_first_and_last_day_and_datatype(
    edtf: str, first: str, last: str, datatype: str
) -> None:
    assert (dates.earliest(edtf), dates.latest(edtf)) == (first, last)
    literal = dates.literal(edtf)
    assert literal.value == edtf
    assert literal.datatype.value.endswith(datatype)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)))
def test_any_day_is_read_back_in_every_form(day: date) -> None:
    long = f"{day.day} {day:%B} {day.year}"
    for text in (long, f"{day:%A} {long}", f"{day:%d/%m/%Y}", day.isoformat(), long.upper()):
        assert [span.edtf for span in dates.find(f"It met on {text}.")] == [day.isoformat()]


@given(st.text(max_size=200))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for span in dates.find(text):
        assert 0 <= span.start < span.end <= len(text)
