"""Figures: how numbers are read, what they count, and sums that do not add up."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kg.embed import HashingEmbedder
from kg.extract.context import Context
from kg.extract.figures import extract
from kg.extract.figures.measures import tidy
from kg.extract.figures.numbers import find
from kg.model import Claim, DisagreementClaim, Document, FigureClaim, Identity, Stated
from kg.readers import read
from kg.sentences import sentences


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from 3,870 to 6,150", [("3870", ""), ("6150", "")]),
        ("a thirty-eight per cent rise", [("38", "per cent")]),
        ("a £7.5m grant and £625k a year", [("7500000", "GBP"), ("625000", "GBP")]),
        ("an economy worth £11.6 billion", [("11600000000", "GBP")]),
        ("ranked 13th most deprived", [("13", "rank")]),
        ("the fifth largest district", [("5", "rank")]),
        ("nearly one third of staff", [("0.333", "proportion")]),
        ("over one hundred posts, 173.6 full time equivalent", [("100", ""), ("173.6", "")]),
        ("an eighty-two-page plan", [("82", "")]),
        (
            "one in five lives away, a rate of 31 per 10,000",
            [("0.2", "proportion"), ("31", "per 10,000")],
        ),
        ("21% (5%)", [("21", "per cent"), ("5", "per cent")]),
    ],
)
def test_numbers_in_all_their_forms(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(number.value, number.unit) for number in find(text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "enquiries under section 47",
        "Tables 2 to 5",
        "children aged 16 to 17",
        "16- and 17-year-olds",
        "Telephone 0300 555 0123",
        "one of the managers",
        "Commenced at 4.30 pm",
    ],
)
def test_numbers_that_only_name_something_are_left_out(text: str) -> None:
    assert list(find(text)) == []


def claims(text: str, tmp_path: Path, kind: str = "other", day: str = "2031-05-01") -> list[Claim]:
    document = made(text, tmp_path, kind, day)
    return list(extract(document, Context(sentences(document), HashingEmbedder())))


def made(text: str, tmp_path: Path, kind: str, day: str) -> Document:
    path = tmp_path / "document.txt"
    path.write_text(text, encoding="utf-8")
    identity = msgspec.convert({"kind": kind, "date": Stated(day, 0, 1)}, Identity)
    return msgspec.structs.replace(read(path, "document.txt"), identity=identity)


def figures(found: list[Claim]) -> list[tuple[str, str, str | None]]:
    return [(c.value, c.measure, c.date) for c in found if isinstance(c, FigureClaim)]


def test_a_figure_has_what_it_counts_and_the_date_beside_it(tmp_path: Path) -> None:
    found = claims("At 31 March 2030, 551 children were subject to a plan.", tmp_path)
    assert figures(found) == [("551", "children", "2030-03-31")]


def test_a_bracket_is_measured_by_what_stands_before_it(tmp_path: Path) -> None:
    found = claims("The largest group is of Welsh origin (20%).", tmp_path)
    assert figures(found) == [("20", "largest group is of Welsh origin", "2031-05-01")]


def test_a_month_without_a_year_is_the_last_one_before_the_document(tmp_path: Path) -> None:
    found = claims("On the 19 December the system recorded 124 vacancies.", tmp_path)
    assert figures(found) == [("124", "vacancies", "2030-12-19")]


def test_what_is_compared_has_its_own_date_and_leaves_none_behind(tmp_path: Path) -> None:
    found = claims(
        "At 31 March 2030, 925 children had a plan. This is a rise from nine at 31 March 2029. "
        "Of this number, 76 live in residential homes, compared with 48 in June 2028.",
        tmp_path,
    )
    assert [(value, date) for value, _, date in figures(found)] == [
        ("925", "2030-03-31"),
        ("9", "2029-03-31"),
        ("76", "2030-03-31"),
        ("48", "2028-06"),
    ]


def test_a_change_is_measured_by_what_changed(tmp_path: Path) -> None:
    found = claims("Absence of children in Valeham has reduced from 5.4% to 4.6%.", tmp_path)
    assert {measure for _, measure, _ in figures(found)} == {"Absence of children in Valeham"}


def test_the_address_of_a_letter_gives_no_figure(tmp_path: Path) -> None:
    letter = "6 Mill Place\n\nMoorham\n\nDear Ms Holm\n\nThere are 12 teams."
    assert figures(claims(letter, tmp_path)) == [("12", "teams", "2031-05-01")]


def test_two_numbers_of_one_unit_are_a_range(tmp_path: Path) -> None:
    found = claims("It will take eighteen months to two years.", tmp_path)
    assert [(c.value, c.unit) for c in found if isinstance(c, FigureClaim)] == [("18/24", "months")]


def test_a_wrong_sum_is_a_disagreement_with_the_arithmetic_shown(tmp_path: Path) -> None:
    text = "Open cases increased from 200 to 300. This is a thirty per cent increase."
    (wrong,) = (c for c in claims(text, tmp_path) if isinstance(c, DisagreementClaim))
    assert (wrong.value, wrong.other_value) == ("50.0", "30")
    assert wrong.explanation.startswith("(300 − 200) ÷ 200 = 50.0 per cent")


def test_a_right_sum_is_no_disagreement(tmp_path: Path) -> None:
    text = "Open cases increased from 200 to 300. This is a fifty per cent increase."
    assert not any(isinstance(c, DisagreementClaim) for c in claims(text, tmp_path))


def test_a_table_gives_a_figure_for_each_cell_and_a_blank_is_no_zero(tmp_path: Path) -> None:
    text = (
        "Workforce\n\n2030\tPosts*\tAverage caseload\n31/01/2030\t318\t\n28/02/2030\t320\t18.4\n"
        "\nTable 2: 2030 data\n\n*Posts include managers."
    )
    found = [c for c in claims(text, tmp_path) if isinstance(c, FigureClaim) and c.table]
    assert [(c.measure, c.value, c.date) for c in found] == [
        ("Posts", "318", "2030-01-31"),
        ("Average caseload", "", "2030-01-31"),
        ("Posts", "320", "2030-02-28"),
        ("Average caseload", "18.4", "2030-02-28"),
    ]
    assert {c.definition for c in found if c.measure == "Posts"} == {"Posts include managers."}


def test_crimes_and_deaths_give_no_figures(tmp_path: Path) -> None:
    assert not claims("A man was sentenced to 25 years for murder.", tmp_path)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("in primary schools is", "primary schools"),
        ("the national average is", "national average"),
        ("of 37", ""),
        ("This dropped to", ""),
        ("review process is very high at", "review process"),
    ],
)
def test_the_name_of_a_measure_has_no_loose_ends(phrase: str, name: str) -> None:
    assert tidy(phrase) == name
