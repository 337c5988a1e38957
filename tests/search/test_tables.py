"""Rows as files that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from search.tables import safe, write_csv, write_spreadsheet_csv, write_xlsx

LIVE = ("=", "+", "-", "@", "\t", "\r")
texts = st.text(st.characters(codec="utf-8"), max_size=30)
starts = st.builds(str.__add__, st.sampled_from([*LIVE, ""]), texts)


def _sheet(path: Path) -> Any:
    return load_workbook(path).active


def _first(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.DictReader(lines))


@given(st.one_of(starts, st.integers(), st.floats(allow_nan=False), st.lists(starts)))
def test_no_safe_cell_is_a_formula(value: Any) -> None:
    text = safe(value)
    assert not text.startswith(LIVE) or float(text) == value


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(starts, min_size=1, max_size=5))
@example(["re\ufffe-read", "\x00", "\uffff"])
def test_a_workbook_holds_text_and_no_formula(tmp_path: Path, values: list[str]) -> None:
    path = tmp_path / "rows.xlsx"
    write_xlsx([{"text": value} for value in values], path)
    cells = [cell for (cell,) in _sheet(path).iter_rows(min_row=2)]
    assert all(cell.data_type in ("s", "n", "inlineStr") for cell in cells)
    assert all(cell.data_type != "n" or cell.value is None for cell in cells)
    for cell, value in zip(cells, values, strict=False):
        assert not value.startswith(LIVE) or cell.quotePrefix


def test_numbers_stay_numbers_and_words_stay_words(tmp_path: Path) -> None:
    rows = [{"n": -3.5, "t": "=1+1", "d": {"id": "x", "title": "y"}}, {"n": None, "more": [1]}]
    write_xlsx(rows, tmp_path / "a.xlsx")
    found = [[cell.value for cell in row] for row in _sheet(tmp_path / "a.xlsx").iter_rows()]
    assert found == [["n", "t", "d", "more"], [-3.5, "=1+1", "x", None], [None, None, None, "[1]"]]
    write_csv(rows, tmp_path / "a.csv")
    write_spreadsheet_csv(rows, tmp_path / "b.csv")
    plain, safe_ = (_first(tmp_path / name) for name in ("a.csv", "b.csv"))
    assert (plain["t"], plain["n"]) == ("=1+1", "-3.5")
    assert (safe_["t"], safe_["n"]) == ("'=1+1", "-3.5")
