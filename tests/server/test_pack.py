"""The meeting pack: what it holds, that every line has its place, and as a Word document."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from search.pack import Pack, Section, Wanted
from search.pack_parts import Item, Place, Quote
from server.pack_docx import Source, written

WHOLE = "/pack?authority=kelland"
TITLES = [
    "Repeated findings",
    "Changes in the period",
    "Commitments due",
    "Asked for or promised in the period",
    "Figures",
    "Disagreements",
    "Suggested questions",
    "Sources",
]


def _get(client: FlaskClient, address: str, status: int = 200) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == status
    return HTMLParser(answer.text)


def _section(page: HTMLParser, key: str) -> str:
    """The words of one section, from its heading to the next."""
    text, node = [], page.css_first(f"h2#{key}")
    assert node is not None
    node = node.next
    while node is not None and node.tag != "h2":
        text.append(node.text())
        node = node.next
    return " ".join(" ".join(text).split())


def test_the_form_alone_comes_first(client: FlaskClient) -> None:
    page = _get(client, "/pack")
    chosen = page.css_first("#authority option[selected]")
    assert chosen is not None
    assert chosen.attributes["value"] == "kelland"
    assert not page.css("#sources")


def test_a_pack_has_all_sections(client: FlaskClient) -> None:
    page = _get(client, WHOLE)
    assert [node.text() for node in page.css("main h2")] == TITLES
    repeated = _section(page, "repeated")
    assert "Raised at 2 events" in repeated
    assert "Supervision is still too rare and is not recorded well." in repeated
    assert "South" in _section(page, "disagreements")
    asked = _section(page, "questions")
    assert "“supervision is too rare” was raised at 2 events" in asked
    assert "“Caseloads in the assessment teams” was to be done by September 2020" in asked
    assert "The figure for average caseload (South) was 24 children (March 2020)." in asked


def test_every_note_leads_to_its_words(client: FlaskClient) -> None:
    page = _get(client, WHOLE)
    used = {node.attributes["href"] for node in page.css("main sup a")}
    sources = page.css("#sources + ol > li")
    assert used == {f"#{node.attributes['id']}" for node in sources}
    assert any("under “What needs to improve”" in source.text() for source in sources)
    for source in sources:
        link = source.css_first("a")
        assert link is not None
        shown = _get(client, (link.attributes["href"] or "").partition("#")[0])
        assert shown.css_first("mark") is not None


def test_every_line_has_a_note(client: FlaskClient) -> None:
    page = _get(client, WHOLE)
    lines = page.css("main tbody tr, main blockquote, #questions ~ ol:not(#sources ~ ol) > li")
    assert len(lines) > 5
    assert all(line.css_first("sup a") is not None for line in lines)


def test_silence_is_not_told_as_failure(client: FlaskClient) -> None:
    told = _section(_get(client, WHOLE), "commitments")
    assert "September 2020" in told
    assert "That does not show that it was not done." in told
    assert "September 2020" not in _section(_get(client, f"{WHOLE}&until=2020-08"), "commitments")


def test_the_period_bounds_what_is_told(client: FlaskClient) -> None:
    page = _get(client, f"{WHOLE}&since=2021&until=2021-12")
    changes = _section(page, "changes")
    assert "9 June 2021" in changes
    assert "March 2020" not in changes
    assert "hold no figures" in _section(page, "figures")
    published = _get(client, f"{WHOLE}&since=2020-03-20&until=2020-03-20")
    assert "average caseload" in _section(published, "figures")
    early = _get(client, f"{WHOLE}&until=2020")
    assert "raise no problem twice" in _section(early, "repeated")


def test_themes_narrow_and_an_empty_pack_says_so(client: FlaskClient) -> None:
    page = _get(client, f"{WHOLE}&theme=adoption")
    assert "raise no problem twice" in _section(page, "repeated")
    assert "no disagreement" in _section(page, "disagreements")
    assert "hold no figures" in _section(page, "figures")
    assert "Themes: Adoption" in page.text()


@pytest.mark.parametrize("period", ["since=soon", "until=2020-02-31", "since=2021&until=2020"])
def test_a_wrong_date_is_told_at_its_field(client: FlaskClient, period: str) -> None:
    page = _get(client, f"{WHOLE}&{period}", 400)
    link = page.css_first(".govuk-error-summary a")
    assert link is not None
    assert page.css_first(f"{link.attributes['href']}.govuk-input--error") is not None
    assert not page.css("#sources")


def test_an_unknown_council_is_not_found(client: FlaskClient) -> None:
    assert client.get("/pack?authority=elsewhere").status_code == 404
    assert client.get("/pack.docx?authority=elsewhere").status_code == 404


def test_the_word_document_has_headings_tables_and_sources(client: FlaskClient) -> None:
    answer = client.get("/pack.docx?authority=kelland")
    made = docx.Document(io.BytesIO(answer.data))
    assert "meeting-pack-kelland.docx" in answer.headers["Content-Disposition"]
    heads = [p.text for p in made.paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads == TITLES
    for table in made.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    body = made.element.body
    marks = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    links = {node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))} - {None}
    assert links == marks != set()
    addresses = {rel.target_ref for rel in made.part.rels.values() if rel.is_external}
    assert all("/doc/document/kelland/" in address for address in addresses)
    assert addresses


def test_text_that_xml_cannot_hold_does_not_stop_the_word_document() -> None:
    wanted = Wanted("kelland", "", "2024-01-01", "2024-01-01")
    quotes = (Quote("half\x02way", "2020", 1),)
    section = Section("repeated", "Title", "Lead", "None", (Item("a\x0cb", quotes=quotes),))
    pack = Pack(wanted, (section,), (Place("kelland/x", 0, 1),))
    made = docx.Document(io.BytesIO(written("Pack", (), pack, [Source("A\x00", "http://x/")])))
    assert "2020: “halfway” [1]" in [p.text for p in made.paragraphs]


def test_the_pages_that_lead_here(client: FlaskClient) -> None:
    for address in ("/", "/repeated", "/browse"):
        assert _get(client, address).css_first("main a[href^='/pack']") is not None


def test_an_inspection_tells_its_grades(client: FlaskClient) -> None:
    page = HTMLParser(client.get("/pack?authority=kelland&since=2020&until=2020").text)
    told = " ".join(page.css("main")[0].text().split())
    assert "graded overall effectiveness: requires improvement" in told.lower()
