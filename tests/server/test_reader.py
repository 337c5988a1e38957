"""The layout of a document for reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.reader import Mark, Segment, layout, segments
from tests.server.sample import records

REPORT = records()[0]


def _words(found: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in found)


@given(
    st.text(min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.booleans()), max_size=6),
)
def test_cutting_at_marks_loses_no_text(text: str, places: list[tuple[int, int, bool]]) -> None:
    marks = [
        Mark(min(a, b), max(a, b), "quotation" if cited else "finding", "x")
        for a, b, cited in places
        if a != b
    ]
    assert _words(segments(text, 0, len(text), marks)) == text


def test_a_mark_inside_a_block_is_cut_out_and_opens_once() -> None:
    found = segments("one two three", 0, 13, [Mark(4, 7, "quotation", "q")])
    assert [(s.text, s.quotation is not None) for s in found] == [
        ("one ", False),
        ("two", True),
        (" three", False),
    ]
    assert [mark.anchor for s in found for mark in s.opens] == ["q"]


def test_overlapping_marks_both_hold() -> None:
    finding, cited = Mark(0, 7, "finding", "f"), Mark(4, 13, "quotation", "q")
    found = segments("one two three", 0, 13, [finding, cited])
    assert [(s.text, bool(s.finding), bool(s.quotation)) for s in found] == [
        ("one ", True, False),
        ("two", True, True),
        (" three", False, True),
    ]


def test_every_block_stands_in_the_layout_in_order() -> None:
    groups = layout(REPORT.document, REPORT.passages, [])
    pieces = [piece for group in groups for run in group.runs for piece in run.pieces]
    assert [piece.kind for piece in pieces] == [block.kind for block in REPORT.document.blocks]


def test_each_passage_has_one_anchor() -> None:
    anchors = [g.anchor for g in layout(REPORT.document, REPORT.passages, []) if g.anchor]
    assert anchors == [f"p-{passage.id.rsplit('/', 1)[1]}" for passage in REPORT.passages]


def test_bullets_make_one_list_and_pages_are_announced_once() -> None:
    runs = [r for g in layout(REPORT.document, REPORT.passages, []) for r in g.runs]
    assert [len(run.pieces) for run in runs if run.kind == "bullet"] == [2]
    assert [p.page for run in runs for p in run.pieces if p.page] == [1, 2, 3]


@pytest.mark.parametrize("marks", [[], [Mark(0, 5, "quotation", "q")]])
def test_a_table_keeps_its_cells(marks: list[Mark]) -> None:
    runs = [r for g in layout(REPORT.document, REPORT.passages, marks) for r in g.runs]
    table = next(run.pieces[0] for run in runs if run.kind == "table")
    assert [[_words(cell) for cell in row] for row in table.rows][1:] == [
        ["North", "19.5"],
        ["South", "24"],
    ]
