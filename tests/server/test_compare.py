"""Two events side by side, the same problem elsewhere, downloads of issues."""

from __future__ import annotations

import csv
import io
import json

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

EARLIER = "inspection/kelland/2020-03-02-inspection"
LATER = "inspection/kelland/2021-06-09-monitoring-visit"


def _get(client: FlaskClient, address: str) -> str:
    with client.get(address) as response:
        assert response.status_code == 200
        return response.text


def test_the_sample_events_are_offered(client: FlaskClient) -> None:
    page = HTMLParser(_get(client, "/compare"))
    values = {node.attributes["value"] for node in page.css("#earlier option")}
    assert {EARLIER, LATER} <= values
    assert len(page.css("#repeated")) == 0


def test_what_came_back_is_told_apart_from_what_was_not_looked_at(client: FlaskClient) -> None:
    page = HTMLParser(_get(client, f"/compare?earlier={EARLIER}&later={LATER}"))
    titles = [" ".join(node.text().split()) for node in page.css("main h2")]
    assert [title.partition(" (")[0] for title in titles[:4]] == [
        "Repeated",
        "New",
        "No longer found",
        "Not looked at this time",
    ]
    repeated = page.css_first("#repeated + ul")
    assert repeated is not None
    assert "/doc/issue/kelland/" in (repeated.html or "")


def test_an_unknown_event_is_not_found(client: FlaskClient) -> None:
    with client.get(f"/compare?earlier={EARLIER}&later=inspection/kelland/1999") as response:
        assert response.status_code == 404


def test_issues_as_csv_and_linked_data(client: FlaskClient) -> None:
    text = _get(client, "/repeated.csv").lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["events"] == "2"
    assert row["first_quote"]
    assert row["last_quote"]
    linked = json.loads(_get(client, "/repeated.jsonld?context=inline"))
    assert row["id"] in json.dumps(linked)


def test_an_issue_says_where_else_and_of_how_many(client: FlaskClient) -> None:
    page = HTMLParser(_get(client, "/doc/issue/kelland/supervision-12345678"))
    rows = {
        " ".join(node.css_first("th").text().split()): [cell.text() for cell in node.css("td")]
        for node in page.css("tbody tr")
    }
    raised, base = (int(number) for number in rows["All loaded"])
    assert 0 < raised <= base
