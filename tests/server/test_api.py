"""The JSON API, its contract and its description."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.facts import KINDS
from server import schemas
from tests.server.sample import LETTER, REPORT, records

EARLIER = "inspection/kelland/2020-03-02-inspection"
LATER = "inspection/kelland/2021-06-09-monitoring-visit"
ANSWERS = [
    ("/api/v1/search?q=supervision", schemas.SearchResults),
    ("/api/v1/ask?q=What+was+said+about+supervision%3F", schemas.Answer),
    ("/api/v1/findings", schemas.FindingList),
    ("/api/v1/findings?all_sentences=true", schemas.FindingList),
    ("/api/v1/repeated", schemas.IssueList),
    ("/api/v1/repeated?authority=Bradford", schemas.IssueList),
    (f"/api/v1/compare?earlier={EARLIER}&later={LATER}", schemas.Comparison),
    ("/api/v1/documents", schemas.DocumentList),
    (f"/api/v1/documents/{REPORT}", schemas.DocumentModel),
    (f"/api/v1/passages/{records()[0].passages[0].id}", schemas.PassageModel),
    ("/api/v1/status", schemas.Status),
    *((f"/api/v1/facts/{kind}", schemas.FactList) for kind in KINDS),
]


def _json(client: FlaskClient, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:300]
    return answer.get_json(force=True)


@pytest.mark.parametrize(("address", "model"), ANSWERS)
def test_answers_are_as_described(
    client: FlaskClient, address: str, model: type[schemas.BaseModel]
) -> None:
    model.model_validate(_json(client, address), strict=True)


def test_the_description_names_every_path(client: FlaskClient, web: Flask) -> None:
    described = _json(client, "/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")
    assert None not in described["components"].values()
    served = {
        rule.rule.replace("<path:", "{").replace("<string:", "{").replace(">", "}")
        for rule in web.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert set(described["paths"]) == served
    for path in described["paths"].values():
        assert path["get"]["summary"]
        assert {"200", "400", "503"} <= set(path["get"]["responses"])


@pytest.mark.parametrize(("address", "model"), ANSWERS)
def test_quotations_stand_where_they_are_said_to(
    client: FlaskClient, address: str, model: type[schemas.BaseModel]
) -> None:
    texts = {record.document.id: record.document.text for record in records()}
    rows = [
        row for value in _json(client, address).values() if isinstance(value, list) for row in value
    ]
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("document"), dict):
            text = texts[row["document"]["id"]]
            places = [("text", "start", "end"), ("quote", "quote_start", "quote_end")]
            for words, start, end in places:
                if row.get(words) and row.get(end):
                    assert text[row[start] : row[end]] == row[words]


def test_search_gives_the_fields_of_the_contract(client: FlaskClient) -> None:
    found = _json(client, "/api/v1/search?q=supervision&limit=1")
    assert found["query"] == "supervision"
    fields = ["passage", "document", "title", "date", "authority", "text", "score", "start", "end"]
    assert all(name in found["results"][0] for name in fields)
    assert set(found["results"][0]["document"]) == {"id", "title", "file"}
    assert found["next"] == "/api/v1/search?q=supervision&limit=1&offset=1"


def test_a_search_without_words_finds_nothing(client: FlaskClient) -> None:
    found = _json(client, "/api/v1/search?q=...")
    assert (found["results"], found["total"]) == ([], 0)


def test_search_can_be_filtered(client: FlaskClient) -> None:
    found = _json(client, f"/api/v1/search?q=supervision&document={LETTER}")
    assert {result["document"]["id"] for result in found["results"]} == {LETTER}
    assert _json(client, "/api/v1/search?q=supervision&until=2019")["results"] == []


def test_following_next_gives_every_row_once(client: FlaskClient) -> None:
    address, seen = "/api/v1/findings?limit=3", []
    while address:
        page = _json(client, address)
        seen += [finding["id"] for finding in page["findings"]]
        address = page["next"]
    whole = [finding["id"] for finding in _json(client, "/api/v1/findings")["findings"]]
    assert seen == whole
    assert len(set(seen)) == 4


def test_findings_of_one_document_have_the_main_theme_first(client: FlaskClient) -> None:
    found = _json(client, f"/api/v1/findings?document={REPORT}")["findings"]
    assert [finding["themes"] for finding in found] == [
        ["supervision"],
        ["plans"],
        ["supervision", "plans"],
    ]


def test_all_sentences_tell_which_are_findings(client: FlaskClient) -> None:
    found = _json(client, f"/api/v1/findings?document={LETTER}&all_sentences=true")["findings"]
    assert [row["text"] for row in found if row["is_finding"]] == [
        "Supervision is still too rare and is not recorded well."
    ]
    assert len([row for row in found if not row["is_finding"]]) >= 3


def test_a_repeated_finding_has_its_occurrences_in_order(client: FlaskClient) -> None:
    (issue,) = _json(client, "/api/v1/repeated?authority=kelland")["issues"]
    assert issue["themes"] == ["supervision"]
    assert [one["document"]["id"] for one in issue["occurrences"]] == [REPORT, REPORT, LETTER]
    assert _json(client, "/api/v1/repeated?authority=Bradford")["issues"] == []


def test_a_tenure_has_its_own_dates(client: FlaskClient) -> None:
    (tenure,) = _json(client, "/api/v1/facts/tenures")["facts"]
    assert (tenure["start"], tenure["end"], tenure["mode"]) == ("2019-07", None, "interim")
    assert tenure["holder"] == "the interim director"


def test_a_figure_is_a_number(client: FlaskClient) -> None:
    figures = _json(client, "/api/v1/facts/figures")["facts"]
    figure = next(one for one in figures if one["measure"] == "average caseload")
    assert (figure["value"], figure["unit"], figure["date"]) == (24, "children", "2020-03")


def test_an_event_knows_who_mentions_it(client: FlaskClient) -> None:
    events = {event["id"]: event for event in _json(client, "/api/v1/facts/events")["facts"]}
    inspection = events["inspection/kelland/2020-03-02-inspection"]
    assert inspection["date"] == "2020-03-02/2020-03-13"
    assert {document["id"] for document in inspection["mentioned_in"]} == {REPORT, LETTER}
    assert inspection["document"]["id"] == REPORT


def test_facts_can_be_asked_of_one_document(client: FlaskClient) -> None:
    found = _json(client, f"/api/v1/facts/events?document={LETTER}")["facts"]
    assert len(found) == 3
    assert _json(client, "/api/v1/facts/events?document=none")["facts"] == []
    for nobody in ("elsewhere", "a%20b", "%3E"):
        assert _json(client, f"/api/v1/facts/posts?authority={nobody}")["facts"] == []
    assert len(_json(client, "/api/v1/facts/posts?authority=kelland")["facts"]) == 1


REFUSED = [
    ("/api/v1/search", 400),
    ("/api/v1/search?q=", 400),
    ("/api/v1/search?q=x&limit=0", 400),
    ("/api/v1/search?q=x&limit=10001", 400),
    ("/api/v1/search?q=x&sort=best", 400),
    ("/api/v1/search?q=x&since=never", 400),
    ("/api/v1/ask", 400),
    ("/api/v1/facts/secrets", 404),
    ("/api/v1/facts/../../etc/passwd", 404),
    ("/api/v1/facts/figures?offset=-1", 400),
    ("/api/v1/documents/none", 404),
    ("/api/v1/passages/none", 404),
    ("/api/v1/findings?document=none", 404),
    ("/api/v1/nothing", 404),
]


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_every_refusal_is_a_problem(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == answer.status_code == status


def test_only_reading_is_allowed(client: FlaskClient) -> None:
    answer = client.post("/api/v1/documents")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.content_type == "application/problem+json"


def test_programs_elsewhere_may_read(client: FlaskClient) -> None:
    assert client.get("/api/v1/status").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_the_like_of_a_passage_or_a_finding_can_be_asked_for(client: FlaskClient) -> None:
    first = _json(client, "/api/v1/search?q=supervision&limit=1")["results"][0]
    like = _json(client, f"/api/v1/similar?id={first['passage']}&limit=3")["results"]
    assert 0 < len(like) <= 3
    assert first["passage"] not in [one["passage"] for one in like]
    _json(client, "/api/v1/similar?id=nothing/here", 404)
    page = client.get(f"/similar?id={first['passage']}")
    assert page.status_code == 200
    assert "Passages like this one" in page.text
    assert client.get("/similar?id=nothing/here").status_code == 404


def test_a_comparison_tells_what_came_back_from_what_is_new(client: FlaskClient) -> None:
    found = _json(client, f"/api/v1/compare?earlier={EARLIER}&later={LATER}")
    (again,) = found["repeated"]
    assert {one["event"] for one in again["earlier"]} == {EARLIER}
    assert {one["event"] for one in again["later"]} == {LATER}
    raised = {one["finding"] for one in (*again["earlier"], *again["later"])}
    assert not raised & {one["id"] for one in (*found["new"], *found["no_longer_found"])}


def test_a_comparison_with_an_unknown_event_is_not_found(client: FlaskClient) -> None:
    _json(client, f"/api/v1/compare?earlier={EARLIER}&later=inspection/kelland/1999", 404)
