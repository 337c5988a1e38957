"""The table of threats names tests and defences that are there; its page is up to date."""

from __future__ import annotations

import pytest

from tests.threats import ROOT, Row, page, rows


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row.threat)
def test_tests_and_defences_are_there(row: Row) -> None:
    assert row.tests
    for named in row.tests:
        file, _, test = named.partition("::")
        text = (ROOT / file).read_text()
        assert not test or f"def {test}(" in text
    for change in row.without:
        assert change.places() == 1, change.find


def test_the_page_is_made_from_the_table() -> None:
    assert (ROOT / "docs" / "threats.md").read_text() == page()
