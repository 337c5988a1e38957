"""Figures are joined to a series only where they may be compared."""

from __future__ import annotations

from typing import Any

from search.facts import Fact
from search.series import series


def figure(date: str, value: Any, **other: Any) -> Fact:
    """A figure of a table as the list of facts has it."""
    given = {
        "measure": "Open cases",
        "unit": None,
        "about": None,
        "authority": "kelland",
        "table": "Table 1",
        "definition": None,
        "document": {"id": "kelland/report"},
    }
    return {**given, "date": date, "value": value, **other}


YEARS = [figure("2018", 310), figure("2019", 325), figure("2020", 290.5)]


def test_values_of_one_table_are_one_run_by_date() -> None:
    (found,) = series(reversed(YEARS))
    assert [[p.value for p in run.points] for run in found.runs] == [[310, 325, 290.5]]
    assert [point.day for point in found.points] == ["2018-07-02", "2019-07-02", "2020-07-01"]


def test_another_spelling_is_the_same_measure() -> None:
    (found,) = series([*YEARS, figure("2021", 5, measure="open Cases")])
    assert len(found.points) == 4


def test_another_unit_or_another_place_is_another_series() -> None:
    percent = [figure(year, 5, unit="per cent") for year in ("2018", "2019", "2020")]
    north = [figure(year, 7, about="North") for year in ("2018", "2019", "2020")]
    assert len(series(YEARS + percent + north)) == 3


def test_another_definition_is_not_joined() -> None:
    (found,) = series([*YEARS, figure("2021", 400, definition="With assessments")])
    assert [len(run.points) for run in found.runs] == [3, 1]
    assert found.definitions == ["With assessments"]


def test_another_document_is_not_joined() -> None:
    (found,) = series([*YEARS, figure("2021", 400, document={"id": "kelland/letter"})])
    assert [len(run.points) for run in found.runs] == [3, 1]


def test_a_blank_cell_breaks_the_line() -> None:
    (found,) = series([figure("2017", 300), figure("2017-12", ""), *YEARS])
    assert [len(run.points) for run in found.runs] == [1, 3]


def test_two_dates_sentences_and_the_undated_make_no_series() -> None:
    assert series(YEARS[:2]) == []
    assert series([figure(year, 5, table=None) for year in ("2018", "2019", "2020")]) == []
    assert series([figure("", 5) for _ in range(3)]) == []
