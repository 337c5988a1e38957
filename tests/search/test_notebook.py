"""The data in a notebook, and the example notebook itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from search import notebook
from search.notebook import Data, open_data
from tests.server.sample import publish, records

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/notebook.ipynb"
COUNT = "SELECT ?theme (COUNT(?f) AS ?n) { ?f a fg:Finding ; fg:mainTheme ?theme } GROUP BY ?theme"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notebook")
    publish(path, records())
    return path


@pytest.fixture(scope="module")
def data(home: Path) -> Iterator[Data]:
    with open_data(home, model="hashing") as opened:
        yield opened


def test_sparql_gives_a_frame_with_numbers_as_numbers(data: Data) -> None:
    frame = data.sparql(COUNT)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["theme", "n"]
    assert frame["n"].sum() > 0
    assert data.sparql("ASK { ?f a fg:Finding }") is True
    triples = data.sparql("CONSTRUCT { ?f a fg:Finding } WHERE { ?f a fg:Finding }")
    assert len(triples) == data.sparql(COUNT)["n"].sum()


def test_an_empty_answer_keeps_its_columns(data: Data) -> None:
    frame = data.sparql("SELECT ?a ?b { ?a fg:no-such-thing ?b }")
    assert (list(frame.columns), len(frame)) == (["a", "b"], 0)


def test_rows_need_no_library(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "find_spec", lambda name: None)
    with open_data(home, model="hashing") as data:
        rows = data.sparql(COUNT)
    assert isinstance(rows, list)
    assert set(rows[0]) == {"theme", "n"}


def test_the_environment_names_the_data(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINDINGS_DATA", str(home))
    with open_data(tables="rows") as data:
        assert "2 documents" in repr(data)


def test_tables_join_by_document(data: Data) -> None:
    joined = data.findings().merge(data.facts("documents"), left_on="document", right_on="id")
    assert len(joined) == len(data.findings()) > 0
    for _, row in data.findings().iterrows():
        text = data.text(row["document"])
        assert text is not None
        assert text[row["start"] : row["end"]].strip()


def test_search_and_repeated(data: Data) -> None:
    hits = data.search("supervision", limit=3, authority=["kelland"])
    assert 1 <= len(hits) <= 3
    assert list(hits["score"]) == sorted(hits["score"], reverse=True)
    assert len(data.search("supervision", authority=["nowhere"])) == 0
    raised = data.repeated("kelland")
    assert set(raised["issue"]) == {"supervision is too rare"}
    assert len(data.repeated("nowhere")) == 0


def test_every_cell_of_the_example_notebook_runs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINDINGS_DATA", str(home))
    monkeypatch.setenv("FINDINGS_MODEL", "hashing")
    names: dict[str, Any] = {}
    cells = json.loads(EXAMPLE.read_text(encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for code in codes:
        exec(compile(code, str(EXAMPLE), "exec"), names)  # noqa: S102
    assert len(codes) > 10
    assert len(names["weaknesses"]) > 1
    names["data"].close()
