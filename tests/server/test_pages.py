"""The pages as a browser without scripts gets them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from server.csvs import safe_cell
from tests.server.sample import DANGEROUS, LETTER, REPORT, records

PAGES = [
    "/",
    "/search",
    "/search?q=supervision",
    "/search?q=supervision&polarity=weakness&authority=kelland&sort=newest",
    "/search?q=zebra&kind=other",
    "/search?q=What+was+found+about+supervision%3F",
    "/documents",
    "/documents?kind=inspection",
    f"/doc/document/{REPORT}",
    f"/doc/document/{LETTER}",
    "/inspections",
    "/browse",
    "/findings",
    "/findings?polarity=weakness&theme=supervision",
    "/repeated",
    "/repeated?theme=supervision&status=persisting",
    "/doc/issue/kelland/supervision-12345678",
    "/pack",
    "/pack?authority=kelland",
    "/commitments",
    "/posts",
    "/tenures",
    "/organisations",
    "/events",
    "/figures",
    "/disagreements",
    "/missing",
    "/doc/inspection/kelland/2020-03-02-inspection",
    "/doc/organisation/kelland",
    "/about",
    "/help",
    "/accessibility",
    "/privacy",
    "/licence",
    "/data",
]


def _page(client: FlaskClient, address: str, status: int = 200) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return HTMLParser(answer.text)


def _one(page: HTMLParser | Node, selector: str) -> Node:
    found = page.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def _text(node: Node) -> str:
    return " ".join(node.text().split())


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    assert _one(page, "html").attributes["lang"] == "en-GB"
    assert _text(_one(page, "title")).endswith("– Findings Graph")
    assert _text(_one(page, "main h1"))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_code_or_style_of_its_own(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    assert not page.css("style, [style]")
    assert all(not _text(node) for node in page.css("script"))
    assert not [n for n in page.css("*") if any(a.startswith("on") for a in n.attributes)]


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_ours_leads_somewhere(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    for link in page.css("main a[href], footer a[href], nav a[href]"):
        target = (link.attributes["href"] or "").partition("#")[0]
        if target.startswith("?"):
            target = address.partition("?")[0] + target
        if target:
            with client.get(target) as followed:
                assert followed.status_code in (200, 303), target


def test_text_of_documents_is_never_markup(client: FlaskClient) -> None:
    for address in PAGES:
        assert "<script>alert" not in client.get(address).text
    shown = _page(client, f"/doc/document/{LETTER}")
    assert _text(_one(shown, "h1")) == DANGEROUS


def test_search_marks_the_words_and_links_to_the_place(client: FlaskClient) -> None:
    page = _page(client, "/search?q=supervision")
    first = page.css(".fg-results li")[0]
    assert any("upervision" in _text(mark) for mark in first.css("mark"))
    address = _one(first, "h3 a").attributes["href"] or ""
    assert re.fullmatch(r"/doc/document/kelland/\S+\?start=\d+&end=\d+#q", address)


def test_filters_narrow_and_can_be_taken_away(client: FlaskClient) -> None:
    page = _page(client, "/search?q=supervision&kind=monitoring-visit-letter")
    titles = {_text(node) for node in page.css(".fg-results h3 a")}
    assert titles == {DANGEROUS}
    assert _one(page, "input[name=kind][checked]").attributes["value"] == "monitoring-visit-letter"
    assert _one(page, ".fg-chip").attributes["href"] == "/search?q=supervision"


def test_newest_first_orders_by_date(client: FlaskClient) -> None:
    page = _page(client, "/search?q=supervision&sort=newest")
    assert _text(page.css(".fg-results h3 a")[0]) == DANGEROUS
    page = _page(client, "/search?q=supervision&sort=oldest")
    assert _text(page.css(".fg-results h3 a")[0]) == "Inspection of Kelland children’s services"


def test_a_wrong_date_is_told_beside_the_box(client: FlaskClient) -> None:
    page = _page(client, "/search?q=supervision&since=yesterday", status=400)
    assert "'yesterday' is not a date" in _text(_one(page, ".govuk-error-summary"))
    assert _one(page, "#search-box").attributes["value"] == "supervision"
    assert _text(_one(page, "title")).startswith("Error:")


def test_a_question_is_answered_above_its_results_with_sources(client: FlaskClient) -> None:
    page = _page(client, "/search?q=What+was+said+about+supervision+in+2021%3F")
    panel = _one(page, "section[aria-labelledby=answer-heading]")
    assert "How we read your question" in _text(panel)
    for link in panel.css(".fg-source a"):
        assert re.search(r"\?start=\d+&end=\d+#q$", link.attributes["href"] or "")
    assert not _page(client, "/search?q=supervision").css("#answer-heading")


def test_a_question_that_the_documents_do_not_answer_is_not_answered(client: FlaskClient) -> None:
    page = _page(client, "/search?q=Who+was+the+king+of+France+in+1700%3F")
    assert _text(_one(page, "#answer-heading")) == "The documents do not answer this"


def test_nothing_found_says_so(client: FlaskClient) -> None:
    page = _page(client, "/search?q=supervision&authority=elsewhere")
    assert _text(_one(page, "#results-heading")) == "No passages found"


def test_the_reader_marks_the_quotation(client: FlaskClient) -> None:
    text = records()[0].document.text
    words = "Caseloads in the assessment teams"
    start = text.index(words)
    page = _page(client, f"/doc/document/{REPORT}?start={start}&end={start + len(words)}")
    assert _text(_one(page, "mark#q")) == words


@pytest.mark.parametrize("query", ["start=5", "start=9&end=3", "start=-1&end=9", "start=x&end=9"])
def test_a_quotation_that_cannot_be_is_not_marked(client: FlaskClient, query: str) -> None:
    assert not _page(client, f"/doc/document/{REPORT}?{query}").css("mark")


def test_the_reader_names_each_findings_polarity_and_theme(client: FlaskClient) -> None:
    page = _page(client, f"/doc/document/{REPORT}")
    labels = [_text(node) for node in page.css(".fg-finding__label")]
    assert labels == [
        "Weakness: Supervision",
        "Strength: Plans for children",
        "Weakness: Supervision",
    ]
    for link in page.css("#read a[href^='#f-']"):
        _one(page, link.attributes["href"] or "")


def test_the_reader_shows_who_cites_whom(client: FlaskClient) -> None:
    report = _page(client, f"/doc/document/{REPORT}")
    letter = _page(client, f"/doc/document/{LETTER}")
    assert "Documents that refer to it" in _text(_one(report, "#read"))
    assert "Documents it refers to" in _text(_one(letter, "#read"))


def test_a_passage_leads_into_its_document(client: FlaskClient) -> None:
    passage = records()[0].passages[0].id
    answer = client.get(f"/doc/passage/{passage}")
    assert answer.status_code == 303
    assert answer.location == f"/doc/document/{REPORT}#p-{passage.rpartition('/')[2]}"
    assert f'id="p-{passage.rpartition("/")[2]}"' in client.get(answer.location).text


def test_inspections_show_the_grades_in_words(client: FlaskClient) -> None:
    page = _page(client, "/inspections")
    row = _text(_one(page, "table tbody tr"))
    assert row == "Overall effectiveness Requires improvement"


def test_findings_are_filtered_by_theme_and_polarity(client: FlaskClient) -> None:
    page = _page(client, "/findings?theme=plans")
    assert _text(_one(page, "#count")) == "2 entries"
    page = _page(client, "/findings?theme=plans&polarity=strength")
    assert _text(_one(page, "#count")) == "1 entry"
    assert [_text(chip) for chip in page.css(".fg-chip")] == [
        "Remove filter Strength ×",
        "Remove filter Plans for children ×",
    ]


def test_the_matrix_counts_weaknesses_and_leads_to_them(client: FlaskClient) -> None:
    page = _page(client, "/repeated")
    row = _one(page, "table tbody tr")
    assert [_text(cell) for cell in row.css("td")] == ["2 on Supervision", "1 on Supervision"]
    linked = _page(client, row.css("td a")[0].attributes["href"] or "")
    assert _text(_one(linked, "#count")) == "2 entries"


def test_a_repeated_finding_shows_each_time_in_its_own_words(client: FlaskClient) -> None:
    listed = _one(_page(client, "/repeated"), ".fg-list h3 a")
    page = _page(client, listed.attributes["href"] or "")
    assert _text(_one(page, "h1")) == "Supervision is too rare"
    assert [_text(quote) for quote in page.css("blockquote")] == [
        "The quality of supervision of social workers",
        "Supervision is not regular and does not help social workers to reflect.",
        "Supervision is still too rare and is not recorded well.",
    ]
    assert "Persisting" in _text(_one(page, "dl"))


def test_repeated_findings_are_filtered(client: FlaskClient) -> None:
    assert _text(_one(_page(client, "/repeated?theme=plans"), "#count")) == "0 repeated findings"
    assert client.get("/doc/issue/kelland/none").status_code == 404


def test_missing_documents_name_where_they_are_mentioned(client: FlaskClient) -> None:
    row = " ".join(_text(cell) for cell in _page(client, "/missing").css("tbody td"))
    assert (
        row
        == "May 2018 Review, May 2018 Sandover Kelland monitoring visit letter, 30 June 2021 1 0"
    )


def test_disagreements_show_both_sides(client: FlaskClient) -> None:
    row = _text(_one(_page(client, "/disagreements"), "tbody tr"))
    assert "24: South" in row
    assert "22: The average caseload in the south is 22." in row
    assert "One place has 24, another 22." in row


def test_a_thing_shows_what_documents_say_of_it(client: FlaskClient) -> None:
    page = _page(client, "/doc/inspection/kelland/2020-03-02-inspection")
    assert "2 to 13 March 2020" in _text(_one(page, "dl"))
    quotes = [_text(node) for node in page.css("blockquote")]
    assert "Supervision is not regular and does not help social workers to reflect." in quotes


@pytest.mark.parametrize(
    "address", ["/nowhere", "/doc/document/none", "/doc/post/none", "/doc/x/y"]
)
def test_what_is_not_there_is_a_page_that_helps(client: FlaskClient, address: str) -> None:
    page = _page(client, address, status=404)
    assert _text(_one(page, "h1")) == "There is nothing at this address"
    assert _one(page, "main a").attributes["href"] == "/"


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999999"])
def test_a_page_number_that_cannot_be_is_refused(client: FlaskClient, page: str) -> None:
    assert client.get("/figures", query_string={"page": page}).status_code == 400


def test_lists_go_to_spreadsheets_without_running_anything(client: FlaskClient) -> None:
    for name in ("documents", "findings", "posts", "disagreements", "inspections", "repeated"):
        answer = client.get(f"/{name}.csv")
        assert answer.content_type == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("﻿"))))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
    assert [safe_cell(v) for v in ("=1", "+1", "-1", "@x", "\tx", "a=1", None, 5)] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "a=1",
        "",
        "5",
    ]


def test_browsers_are_told_to_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get("/nowhere").headers["X-Content-Type-Options"] == "nosniff"
