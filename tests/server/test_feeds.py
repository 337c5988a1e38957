"""Atom feeds: what a reader that follows a council, an issue or a search is told, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from tests.server.sample import publish, records

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LATER = datetime(2024, 6, 1, 8, 0, tzinfo=UTC)
ISSUE = "kelland/supervision-12345678"
FEEDS = (
    "/feeds/all.atom",
    "/feeds/authority/kelland.atom",
    f"/feeds/issue/{ISSUE}.atom",
    "/feeds/search.atom?q=supervision",
)


def read(client: FlaskClient, address: str) -> etree._Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.data)


def titles(feed: etree._Element) -> list[str]:
    return [str(title) for title in feed.xpath("a:entry/a:title/text()", namespaces=ATOM)]


def service(home: Path) -> FlaskClient:
    library = GenerationLibrary(home, "hashing")
    return create_app(Settings(data=home, model="hashing"), library=library).test_client()


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_what_atom_asks_for(client: FlaskClient, address: str) -> None:
    feed = read(client, address)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for place in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert len(feed.xpath(place, namespaces=ATOM)) == 1, place
    entries = feed.xpath("a:entry", namespaces=ATOM)
    assert entries
    for entry in entries:
        for place in ("a:id", "a:title", "a:updated", "a:link/@href", "a:content[@type='html']"):
            assert len(entry.xpath(place, namespaces=ATOM)) == 1, place
    ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    assert all(":" in one for one in ids)
    times = feed.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert times == sorted(times, reverse=True)
    assert feed.findtext("a:updated", namespaces=ATOM) == times[0]


def test_entries_lead_to_pages_and_their_words_are_escaped(client: FlaskClient) -> None:
    feed = read(client, "/feeds/authority/kelland.atom")
    for href in feed.xpath("a:entry/a:link/@href", namespaces=ATOM):
        assert client.get(href.partition("#")[0]).status_code == 200
    told = "".join(feed.xpath("a:entry/a:content/text()", namespaces=ATOM))
    assert "&lt;script&gt;" in told
    assert LexborHTMLParser(told).css("script") == []


def test_a_reader_that_has_the_feed_is_told_so(client: FlaskClient) -> None:
    first = client.get("/feeds/all.atom")
    again = client.get("/feeds/all.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/feeds/all.atom", headers=since).status_code == 304
    other = client.get("/feeds/all.atom", headers={"If-None-Match": '"other"'})
    assert other.data == first.data


def test_a_new_document_is_told_with_what_it_changes(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    client = service(tmp_path)
    before = titles(read(client, "/feeds/authority/kelland.atom"))
    publish(tmp_path, records(), LATER)
    feed = read(client, "/feeds/authority/kelland.atom")
    new = [title for title in titles(feed) if title not in before]
    assert new == [
        "New document: Kelland monitoring visit letter, 30 June 2021",
        "New repeated finding: Supervision is too rare",
    ]
    assert feed.findtext("a:updated", namespaces=ATOM) == LATER.isoformat()
    issue = read(client, f"/feeds/issue/{ISSUE}.atom")
    assert titles(issue) == new[1:]
    found = read(client, "/feeds/search.atom?q=supervision")
    newest = found.xpath("a:entry[1]/a:link/@href", namespaces=ATOM)[0]
    assert "/letter-bbbbbbbb" in newest or "-letter-" in newest


def test_a_document_taken_out_leaves_no_words(tmp_path: Path) -> None:
    publish(tmp_path, records())
    publish(tmp_path, records()[:1], LATER)
    client = service(tmp_path)
    feed = read(client, "/feeds/all.atom")
    assert titles(feed)[:2] == [
        "Document taken out: kelland/2021-06-30-letter-bbbbbbbb",
        "No longer a repeated finding: Supervision is too rare",
    ]
    assert "too rare and is not recorded" not in etree.tostring(feed, encoding="unicode")
    assert client.get(f"/feeds/issue/{ISSUE}.atom").status_code == 200


def test_a_commitment_is_told_on_the_day_after_its_date(client: FlaskClient) -> None:
    feed = read(client, "/feeds/authority/kelland.atom")
    passed = feed.xpath("a:entry[starts-with(a:title, 'Date passed')]", namespaces=ATOM)
    (entry,) = passed
    assert entry.findtext("a:title", namespaces=ATOM) == (
        "Date passed: September 2020 (the council)"
    )
    assert entry.findtext("a:updated", namespaces=ATOM) == "2020-10-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/feeds/authority/nowhere.atom", 404),
        ("/feeds/issue/kelland/none.atom", 404),
        ("/feeds/search.atom", 400),
        ("/feeds/search.atom?q=x&since=never", 400),
    ],
)
def test_there_is_no_feed_of_what_is_not_there(
    client: FlaskClient, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    "page",
    ["/changes", "/doc/organisation/kelland", f"/doc/issue/{ISSUE}", "/search?q=supervision"],
)
def test_pages_name_their_feed_and_link_to_it(client: FlaskClient, page: str) -> None:
    shown = LexborHTMLParser(client.get(page).text)
    (named,) = shown.css('link[rel="alternate"][type="application/atom+xml"]')
    address = named.attributes["href"]
    assert shown.css(f'main a[href="{address}"]')
    assert client.get(str(address)).status_code == 200


@pytest.mark.parametrize(("began", "told"), [("2020-06-01", 1), ("2020-10-01", 0)])
def test_a_date_that_passes_between_builds_is_a_change(
    tmp_path: Path, began: str, told: int
) -> None:
    """What had passed before the log began is no news; the sample has one commitment, of 2020."""
    publish(tmp_path, records(), datetime.fromisoformat(f"{began}T08:00:00+00:00"))
    for address in ("/changes", "/changes?authority=kelland"):
        page = LexborHTMLParser(service(tmp_path).get(address).text)
        headings = [" ".join(one.text().split()) for one in page.css("main li h3")]
        passed = [one for one in headings if one.startswith("Date passed: September 2020")]
        assert len(passed) == told
        assert headings[:told] == passed, "newest first"
