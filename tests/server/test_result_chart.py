"""A result that is a series is drawn; what is none is not."""

from __future__ import annotations

from typing import Any

import pytest

from ontology.terms import PREFIXES
from server.charts.results import result_chart

XSD = PREFIXES["xsd"]


def cell(value: object, datatype: str = "") -> dict[str, Any]:
    typed = {"datatype": XSD + datatype} if datatype else {}
    return {"type": "literal", "value": str(value), **typed}


def rows(days: list[str], values: list[float], **more: str) -> list[dict[str, Any]]:
    others = {name: cell(value) for name, value in more.items()}
    return [
        {"day": cell(day, "date"), "n": cell(value, "decimal"), **others}
        for day, value in zip(days, values, strict=True)
    ]


DAYS = ["2021-03-31", "2019-03-31", "2020-03-31"]


def test_a_series_is_drawn_in_order_of_time() -> None:
    drawn = result_chart(["day", "n"], rows(DAYS, [3, 1, 2.5]))
    assert drawn is not None
    (path,) = drawn.chart.paths
    assert [mark.x for mark in path.marks] == sorted(mark.x for mark in path.marks)
    assert [mark.y for mark in path.marks] == sorted((m.y for m in path.marks), reverse=True)
    assert (path.marks[0].text, path.marks[-1].text) == ("1", "3")
    assert (drawn.title, drawn.key) == ("n by day", ())


def test_other_columns_tell_lines_apart() -> None:
    both = [*rows(DAYS, [1, 2, 3], area="north"), *rows(DAYS, [4, 5, 6], area="south")]
    drawn = result_chart(["area", "day", "n"], both)
    assert drawn is not None
    assert drawn.key == (("circle", "north"), ("square", "south"))
    assert [len(path.marks) for path in drawn.chart.paths] == [3, 3]


@pytest.mark.parametrize("value", ["2020", "2020-05", "2020-05-31", "2020-02-29T10:00:00Z"])
def test_dates_of_any_precision(value: str) -> None:
    found = [*rows(DAYS, [1, 2, 3]), {"day": cell(value), "n": cell(4, "integer")}]
    assert result_chart(["day", "n"], found) is not None


def test_a_number_is_a_year_by_its_name() -> None:
    found = [
        {"year": cell(y, "integer"), "n": cell(y - 2000, "integer")} for y in (2019, 2020, 2021)
    ]
    assert result_chart(["year", "n"], found) is not None
    renamed = [{"count": row["year"], "n": row["n"]} for row in found]
    assert result_chart(["count", "n"], renamed) is None


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["day", "n"], rows(DAYS[:2], [1, 2])),
        (["day", "n"], rows([*DAYS, DAYS[0]], [1, 2, 3, 4])),
        (["day", "n"], [*rows(DAYS, [1, 2, 3]), {"day": cell("2022-01-01", "date")}]),
        (["day", "n"], [*rows(DAYS, [1, 2, 3]), {"day": cell("2022-02-30"), "n": cell(1, "int")}]),
        (["n"], [{"n": cell(1, "integer")}] * 5),
        (["area", "day", "n"], [r for a in "abcd" for r in rows(DAYS, [1, 2, 3], area=a)]),
        (["area", "n"], [{"area": cell(a), "n": cell(1, "integer")} for a in "abc"]),
    ],
    ids=["too few", "two a day", "a gap", "no day", "no dates", "too many lines", "no series"],
)
def test_no_series(columns: list[str], found: list[dict[str, Any]]) -> None:
    assert result_chart(columns, found) is None
