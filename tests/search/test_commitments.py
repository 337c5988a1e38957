"""How a commitment stands on a day: told from what documents say by then, never from silence."""

from __future__ import annotations

from typing import Any

import pytest

from search.commitments import Evidence, made_by
from search.ordered import Bearing


def commitment(**more: Any) -> dict[str, Any]:
    row = {
        "id": "c1",
        "due": "2020-09",
        "quote": "Supervision of social workers must be regular.",
        "authority": "kelland",
        "published_on": "2020-03-20",
    }
    return {**row, **more}


def finding(ident: str, date: str, theme: str = "supervision") -> Bearing:
    return Bearing(ident, date, theme, "kelland")


def change(kind: str, date: str | None) -> dict[str, Any]:
    said = {"change": kind, "date": date, "document": {"id": "d"}, "start": 3}
    return {**said, "quote": "The plan has been completed."}


FIRST_DONE_THEN_OPEN = [change("fulfilled", "2020-09-10"), change("outstanding", "2021-01-05")]
FINDINGS = [
    finding("before", "2020-08-01"),
    finding("after", "2021-06-09"),
    finding("another", "2021-06-09", "plans"),
    finding("latest", "2022-01-02"),
]


@pytest.mark.parametrize(
    ("row", "day", "state"),
    [
        (commitment(), "2020-09-30", "due"),
        (commitment(), "2020-10-01", "none"),
        (commitment(), "2021-06-09", "later"),
        (commitment(due=None), "2021-06-09", "undated"),
        (commitment(quote="Write to us."), "2021-06-09", "unknown"),
        (commitment(authority="elsewhere"), "2022-06-09", "none"),
        (commitment(changes=[change("fulfilled", "2020-08-02")]), "2020-09-01", "done"),
        (commitment(changes=[change("fulfilled", "2020-08-02")]), "2020-08-01", "due"),
        (commitment(changes=[change("revoked", "2021-01-05")]), "2021-02-01", "superseded"),
        (commitment(changes=[change("varied", "2021-01-05")]), "2021-02-01", "none"),
        (commitment(changes=[change("fulfilled", None)]), "2020-09-01", "due"),
        (commitment(changes=FIRST_DONE_THEN_OPEN), "2020-09-15", "done"),
        (commitment(changes=FIRST_DONE_THEN_OPEN), "2021-02-01", "none"),
    ],
)
def test_standing_on_a_day(row: dict[str, Any], day: str, state: str) -> None:
    assert Evidence(FINDINGS).standing(row, day).state == state


def test_later_findings_are_those_on_the_theme_by_that_day_latest_first() -> None:
    found = Evidence(FINDINGS).standing(commitment(), "2022-01-02").later
    assert found == ("latest", "after")
    found = Evidence(FINDINGS).standing(commitment(), "2021-12-31").later
    assert found == ("after",)


def test_what_was_written_later_was_not_known_then() -> None:
    rows = [commitment(), commitment(id="c2", published_on=None)]
    assert [row["id"] for row in made_by(rows, "2020-01-01")] == ["c2"]
    assert made_by(rows, "2020-03-20") == rows
