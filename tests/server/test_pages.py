"""The pages as a browser without scripts gets them."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5rdf import HTMLParser as HTMLParser5
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from server.csvs import safe_cell
from tests.server.places import MISTAKES, OTHERS, PLACES
from tests.server.sample import DANGEROUS, LETTER, REPORT, records


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


EVERY = [*((address, 200) for address in PLACES), *MISTAKES.items()]


@pytest.mark.parametrize(("address", "status"), EVERY)
def test_every_page_is_whole(client: FlaskClient, address: str, status: int) -> None:
    page = _page(client, address, status)
    assert _one(page, "html").attributes["lang"] == "en-GB"
    assert _text(_one(page, "head title")).endswith("– Findings Graph")
    assert _text(_one(page, "main h1"))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("address", "status"), EVERY)
def test_every_page_is_html_without_mistakes(
    client: FlaskClient, address: str, status: int
) -> None:
    parser = HTMLParser5()
    parser.parse(client.get(address).text)
    assert parser.errors == []


def test_every_route_is_in_a_list(web: Flask, client: FlaskClient) -> None:
    routes = web.url_map.bind("localhost")
    listed = {routes.match(urlsplit(address).path)[0] for address in PLACES}
    for rule in web.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in listed | OTHERS.keys():
            assert not rule.arguments, f"{rule} is in no list of tests/server/places.py"
            with client.get(rule.rule) as answer:
                assert answer.mimetype != "text/html", f"{rule} is in no list of places.py"


@pytest.mark.parametrize(("address", "status"), EVERY)
def test_no_page_has_code_or_style_of_its_own(
    client: FlaskClient, address: str, status: int
) -> None:
    page = _page(client, address, status)
    assert not page.css("style, [style]")
    assert all(not _text(node) for node in page.css("script"))
    assert not [n for n in page.css("*") if any(a.startswith("on") for a in n.attributes)]


@pytest.mark.parametrize("address", PLACES)
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
    for address in PLACES:
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
    assert _text(_one(page, "head title")).startswith("Error:")


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
    cells = [_text(cell) for cell in row.css("td")]
    assert cells == ["1 on Supervision", "2 on Supervision", "1 on Supervision"]
    linked = _page(client, row.css("td a")[1].attributes["href"] or "")
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
    cells = [_text(cell) for cell in _page(client, "/missing").css("tbody td")]
    cited = "Kelland monitoring visit letter, 30 June 2021"
    assert cells == ["May 2018", "Review, May 2018", "Sandover", "Review", cited, "0"]


def test_disagreements_show_both_sides_side_by_side(client: FlaskClient) -> None:
    shown = _one(_page(client, "/disagreements"), "main ol.fg-list > li")
    sides = [_text(side) for side in shown.css(".fg-sides > div")]
    assert [side.partition(": ")[2][:2] for side in sides] == ["24", "22"]
    assert "The average caseload in the south is 22." in sides[1]
    assert "One place has 24, another 22." in _text(shown)


def test_posts_tell_who_held_what_on_a_day(client: FlaskClient) -> None:
    page = _page(client, "/posts?day=1&month=8&year=2019")
    held = _text(_one(page, "table:has(#held) tbody tr"))
    assert "The interim director, interim" in held
    assert "July 2019 to end not stated Maybe. The documents do not say when this ended." in held
    none = _page(client, "/posts?year=2012")
    assert "The documents name no holder of a post in 2012." in _text(_one(none, "main"))
    assert not none.css("#held")


@pytest.mark.parametrize(
    "query", ["day=31&month=2&year=2019", "day=1&year=2019", "month=13&year=2019", "year=19"]
)
def test_a_day_that_is_none_is_told_beside_its_fields(client: FlaskClient, query: str) -> None:
    page = _page(client, f"/posts?{query}", 400)
    assert _one(page, ".govuk-error-summary a").attributes["href"] == "#day-day"
    assert "Enter a real date" in _text(_one(page, ".govuk-error-message"))


@pytest.mark.parametrize(
    ("address", "table"),
    [
        ("/posts", "#tenure-table"),
        ("/inspections", "#history"),
        ("/organisations", "#relations"),
        ("/figures", "#series-1-table"),
    ],
)
def test_no_chart_is_without_its_table_and_its_words(
    client: FlaskClient, address: str, table: str
) -> None:
    page = _page(client, address)
    chart = _one(page, "svg[role=img]")
    for named in (chart.attributes["aria-labelledby"] or "").split():
        assert _text(_one(chart, f"#{named}"))
    assert page.css(f"table:has({table}) tbody tr")


def test_an_organisation_shows_findings_about_it_and_its_partners(client: FlaskClient) -> None:
    row = _one(_page(client, "/organisations"), "table:has(#relations) tbody tr")
    cells = [_text(cell) for cell in row.css("td")][:5]
    assert cells == [
        "1",
        "Kelland children’s services",
        "works with",
        "Kelland police",
        "missing children",
    ]
    page = _page(client, row.css("a")[0].attributes["href"] or "")
    findings = _text(_one(page, "table:has(#findings) tbody tr"))
    assert "The quality of supervision of social workers" in findings
    assert "works with Kelland police" in _text(_one(page, "main"))


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
