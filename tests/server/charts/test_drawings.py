"""Where a chart puts things: order, proportion, and what is left open."""

from __future__ import annotations

from typing import Any

import pytest

from search.facts import Fact
from search.series import series
from server.charts.axes import TimeAxis, value_axis
from server.charts.grades import grade_chart
from server.charts.network import MOST, network_chart, numbered
from server.charts.series import series_chart
from server.charts.tenures import tenure_chart, tenure_words
from tests.search.test_series import YEARS, figure
from tests.search.test_tenures import held


def test_days_lie_in_proportion_and_stay_on_the_axis() -> None:
    axis = TimeAxis("2018-01-01", "2020-01-01", 100, 830)
    assert axis.x("2018-01-01") == 100
    assert axis.x("2019-01-01") == 465
    assert axis.x("2031-01-01") == 830
    assert [tick.text for tick in axis.years()] == ["2018", "2019", "2020"]


@pytest.mark.parametrize("values", [[3.0], [0.0], [41.5, 6413.0], [-3.0, 8.0], [0.02, 0.07]])
def test_the_scale_holds_all_values_and_nought(values: list[float]) -> None:
    axis = value_axis(values, 300, 0)
    assert axis.low <= min(0, *values) <= max(0, *values) <= axis.high
    assert 3 <= len(axis.ticks()) <= 8
    assert "0" in [tick.text for tick in axis.ticks()]


def _tenure(start: str | None, end: str | None, mode: str = "unknown") -> Fact:
    return {**held(start, end), "mode": mode, "organisation": "Kelland Council"}


def test_a_bar_covers_the_sure_days_and_leaves_the_inexact_ones_open() -> None:
    chart = tenure_chart([_tenure("2018", "2019-06-30", "interim")], "2020-12-31")
    assert chart is not None
    ((line,),) = [block.lines for block in chart.blocks]
    axis = TimeAxis("2018-01-01", "2020-12-31", 12, 840)
    assert line.bar[0] == axis.x("2018-12-31")
    assert sum(line.bar) == pytest.approx(axis.x("2019-06-30"))
    assert [x for x, _ in line.open] == [axis.x("2018-01-01")]
    assert line.leads is None
    assert line.words == "Interim, 2018 to 30 June 2019"


def test_an_end_that_nobody_states_is_an_arrow_as_far_as_the_next_start() -> None:
    chart = tenure_chart([_tenure("2015-01-01", None), _tenure("2018-01-01", None)], "2020-12-31")
    assert chart is not None
    first, second = chart.blocks[0].lines
    assert first.arrow
    assert second.arrow
    assert first.leads
    assert second.leads
    assert first.leads[1] == second.bar[0] < second.leads[1]
    assert first.words == "Held, from 1 January 2015, end not stated"


def test_a_start_that_nobody_states_is_a_line_without_an_arrow() -> None:
    chart = tenure_chart([_tenure(None, "2018-11")], "2020-12-31")
    assert chart is not None
    (line,) = chart.blocks[0].lines
    assert line.leads is not None
    assert not line.arrow
    assert tenure_words(_tenure(None, "2018-11")) == "Held, until November 2018"


def test_tenures_without_dates_are_not_drawn() -> None:
    assert tenure_chart([_tenure(None, None)], "2020-12-31") is None


def test_runs_are_lines_of_their_own_with_marks_of_their_own() -> None:
    (found,) = series([*YEARS, figure("2021", 400, definition="With assessments")])
    chart = series_chart(found)
    assert [path.shape for path in chart.paths] == ["circle", "square"]
    assert [len(path.marks) for path in chart.paths] == [3, 1]
    ends = [mark.text for path in chart.paths for mark in path.marks]
    assert ends == ["310", "", "", "400"]
    assert chart.summary.startswith("From 310 (2018) to 400 (2021); lowest 290.5, highest 400.")


def _graded(event: str, framework: str, domain: str, grade: str) -> Fact:
    return {
        "event": event,
        "framework_label": framework,
        "domain": domain,
        "grade": grade,
        "grade_id": f"{framework}/{grade}",
        "inspection_start": event,
    }


def test_grades_are_joined_inside_one_framework_alone() -> None:
    given = [("2014-02-03", "sif"), ("2018-03-05", "ilacs"), ("2022-03-07", "ilacs")]
    overall = [_graded(day, form, "overall_effectiveness", "inadequate") for day, form in given]
    care = [None, None, _graded("2022-03-07", "ilacs", "children_in_care", "good")]
    chart = grade_chart(overall, [("overall", [*overall]), ("care", care)])
    assert [[m.number for m in column.marks] for column in chart.columns] == [[1], [1], [1, 2]]
    assert len(chart.lines) == 1
    assert chart.lines[0][0] == chart.columns[1].marks[0].x
    inadequate, good = chart.columns[2].marks
    assert inadequate.y > good.y
    assert [name for _, name in chart.key] == [
        "Overall effectiveness",
        "Children in care or looked after",
    ]


def test_what_was_not_judged_is_not_drawn() -> None:
    none = _graded("2014-02-03", "sif", "overall_effectiveness", "not-judged")
    assert grade_chart([none], [("overall", [none])]).columns == ()


def _body(name: str, part_of: str | None = None) -> Fact:
    return {"iri": f"organisation/{name}", "label": name, "part_of_iri": part_of}


def _relation(one: str, other: str, how: str = "works-with") -> Fact:
    ends: dict[str, Any] = {"subject": one, "object": other, "relation": how}
    return {**ends, "subject_iri": f"organisation/{one}", "object_iri": f"organisation/{other}"}


def test_what_is_part_of_a_body_stands_under_it_and_relations_are_numbered_once() -> None:
    bodies = [_body("police"), _body("council"), _body("board", "organisation/council")]
    said = [
        _relation("police", "board"),
        _relation("board", "police"),
        _relation("police", "board"),
    ]
    chart = network_chart(bodies, said)
    assert chart is not None
    assert [(node.name, node.under is not None) for node in chart.nodes] == [
        ("council", False),
        ("board", True),
        ("police", False),
    ]
    assert [number for number, _ in numbered(said)] == [1, 2, 1]
    assert [arc.number for arc in chart.arcs] == [1, 2]
    assert (chart.arcs[0].x, chart.arcs[0].y) != (chart.arcs[1].x, chart.arcs[1].y)


def test_a_large_network_keeps_who_stands_in_a_relation() -> None:
    bodies = [_body("council"), *(_body(f"team {n:03}", "organisation/council") for n in range(99))]
    chart = network_chart(bodies, [_relation("team 098", "police")])
    assert chart is not None
    names = {node.name for node in chart.nodes}
    assert len(names) <= MOST
    assert {"team 098", "police", "council"} <= names
    assert chart.left_out == 101 - len(names)


def test_bodies_that_stand_to_none_are_not_drawn() -> None:
    assert network_chart([_body("council"), _body("police")], []) is None
