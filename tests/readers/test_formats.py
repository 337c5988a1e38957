"""DOCX, HTML, Markdown and plain text, told apart by content."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from lxml import etree

from kg.model import Document
from tests.readers.conftest import outline

Read = Callable[..., Document]

MINUTES = """Minutes of the Children's Scrutiny Committee held on 3 May 2022 at Eastmoor Town Hall

PRESENT

LABOUR\tLIBERAL DEMOCRAT
Ash Birch\tCedar

12. DISCLOSURES OF INTEREST

None were received.

13. IMPROVEMENT PLAN

The Director presented a report (**Document "A"**). A question and answer session ensued:

- How is progress measured?
 - By a monthly report. However, in the

- beginning it was quarterly;
 - By audits.
- Who owns the plan?

Resolved –

That the plan be presented again in July.

Resolved –

That the plan be presented again in July.
"""


def test_minutes_keep_nested_answers_and_repeated_resolutions(read: Read) -> None:
    document = read(MINUTES)
    assert document.media_type == "text/plain"
    levels = [
        (block.level, document.quote(block.start, block.end))
        for block in document.blocks
        if block.kind == "bullet"
    ]
    assert levels == [
        (1, "How is progress measured?"),
        (2, "By a monthly report. However, in the beginning it was quarterly;"),
        (2, "By audits."),
        (1, "Who owns the plan?"),
    ]
    assert document.text.count("That the plan be presented again in July.") == 2
    assert ("heading", "13.", "IMPROVEMENT PLAN") in outline(document)
    assert ("table", "", "LABOUR | LIBERAL DEMOCRAT / Ash Birch | Cedar") in outline(document)
    assert 'a report (Document "A").' in document.text


def test_direction_nests_clauses(read: Read) -> None:
    document = read(
        "STATUTORY DIRECTION TO EASTMOOR BOROUGH COUNCIL\n\nNOW THEREFORE:\n\n"
        "1. The Secretary of State directs the Council as follows:\n"
        "- a. To comply with instructions;\n - b. To allow access:\n- i. to any premises; and\n"
        "- ii. to any document;\n- c. To co-operate.\n2. This direction stays in force.\n"
    )
    clauses = [(b.level, b.mark) for b in document.blocks if b.kind == "numbered"]
    assert clauses == [(1, "1."), (2, "a."), (2, "b."), (3, "i."), (3, "ii."), (2, "c."), (1, "2.")]
    assert document.blocks[0].kind == "title"


def test_hard_wrapped_letter_becomes_paragraphs(read: Read) -> None:
    letter = (
        " 3 May 2022 \n \nA Director \nEastmoor Borough Council \nTown Hall \nEM1 1AA \n \n"
        "Dear Director \n \nMonitoring visit of Eastmoor children’s services \n \n"
        + "This letter summarises the findings of the visit to Eastmoor, which was the \n"
        "second since the local authority was judged inadequate in 2020 by inspectors. \n \n"
        + "Areas covered by the visit \n \n"
        + "Inspectors looked at the response to children in need of help and protection, and \n"
        "at how managers oversee \n\n\n\n \nthe work of their teams in all parts of the area \n"
        "and of its neighbours. \n"
    )
    assert outline(read(letter))[-4:] == [
        ("title", "", "Monitoring visit of Eastmoor children’s services"),
        (
            "paragraph",
            "",
            "This letter summarises the findings of the visit to Eastmoor, which was the second"
            " since the local authority was judged inadequate in 2020 by inspectors.",
        ),
        ("heading", "", "Areas covered by the visit"),
        (
            "paragraph",
            "",
            "Inspectors looked at the response to children in need of help and protection, and at"
            " how managers oversee the work of their teams in all parts of the area and of its"
            " neighbours.",
        ),
    ]


def test_a_loop_of_text_is_kept_once(read: Read) -> None:
    stretch = "".join(
        f"Paragraph {number} of the stretch says something about the services of the council"
        " and about what its leaders have done to make them better for children.\n\n"
        for number in range(1, 6)
    )
    document = read(f"Report on Eastmoor\n\n{stretch}{stretch}{stretch}The end has come.\n")
    assert [document.text.count(f"Paragraph {number} ") for number in range(1, 6)] == [1] * 5


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("The council’s café – “better”.".encode(), "The council’s café – “better”."),
        ("The council’s café – “better”.".encode("cp1252"), "The council’s café – “better”."),
        ("The council’s café – “better”.".encode("utf-16"), "The council’s café – “better”."),
        (
            "The council’s plan is good.\n\n".encode() + "The café’s “plan”.".encode("cp1252"),
            "The council’s plan is good.\n\nThe café’s “plan”.",
        ),
        ("The councilâ€™s plan is good.".encode(), "The council’s plan is good."),
    ],
)
def test_encodings(read: Read, data: bytes, expected: str) -> None:
    assert read(data).text == expected


def test_form_feeds_are_pages(read: Read) -> None:
    document = read("Report on Eastmoor\n\nThe first page ends in the\n\fmiddle of a sentence.\n")
    assert document.pages == (0, document.text.index("middle"))


PAGE = """<!doctype html><html><head><title>Visit</title><script>track()</script></head><body>
<header>Site name</header><form><nav><ul><li>Home</li></ul></nav><main>
<header><h1>Focused visit to Eastmoor</h1></header><p>Leaders <b>know</b> the service&nbsp;well.</p>
<h2>What needs to improve</h2><ul><li>Plans<ul><li>their pace</li></ul></li></ul>
<ol start="3"><li><p>Third item.</p></li></ol>
<table><tr><th>Year</th><th>Rate</th></tr><tr><td>2021</td><td>40</td></tr></table></main>
</form><footer>Terms</footer></body></html>"""


def test_html_keeps_the_main_part(read: Read) -> None:
    document = read(PAGE, "page.pdf")
    assert document.media_type == "text/html"
    assert outline(document) == [
        ("title", "", "Focused visit to Eastmoor"),
        ("paragraph", "", "Leaders know the service well."),
        ("heading", "", "What needs to improve"),
        ("bullet", "•", "Plans"),
        ("bullet", "–", "their pace"),
        ("numbered", "3.", "Third item."),
        ("table", "", "Year | Rate / 2021 | 40"),
    ]


def test_markdown(read: Read) -> None:
    document = read(
        "# Focused visit to Eastmoor\n\nLeaders *know* the\nservice.\n\n## Findings\n\n"
        "- Plans\n  - their pace\n\n2. Second item\n\n| Year | Rate |\n|---|---|\n| 2021 | 40 |\n"
    )
    assert document.media_type == "text/markdown"
    assert outline(document) == [
        ("title", "", "Focused visit to Eastmoor"),
        ("paragraph", "", "Leaders know the service."),
        ("heading", "", "Findings"),
        ("bullet", "•", "Plans"),
        ("bullet", "–", "their pace"),
        ("numbered", "2.", "Second item"),
        ("table", "", "Year | Rate / 2021 | 40"),
    ]


def test_docx(read: Read) -> None:
    word = docx.Document()
    word.add_heading("Review of Eastmoor", 0)
    word.add_heading("Findings", 1)
    word.add_paragraph("Leaders know the service.")
    word.add_paragraph("Plans", style="List Bullet")
    word.add_paragraph("their pace", style="List Bullet 2")
    word.add_paragraph("First item", style="List Number")
    word.add_paragraph("Second item", style="List Number")
    table = word.add_table(2, 2)
    for cell, text in zip(table._cells, ["Year", "Rate", "2021", "40"], strict=True):
        cell.text = text
    stream = io.BytesIO()
    word.save(stream)
    document = read(stream.getvalue())
    assert document.media_type.endswith("wordprocessingml.document")
    assert outline(document) == [
        ("title", "", "Review of Eastmoor"),
        ("heading", "", "Findings"),
        ("paragraph", "", "Leaders know the service."),
        ("bullet", "•", "Plans"),
        ("bullet", "–", "their pace"),
        ("numbered", "1.", "First item"),
        ("numbered", "2.", "Second item"),
        ("table", "", "Year | Rate / 2021 | 40"),
    ]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_docx_reads_controls_and_boxes_and_leaves_deletions(read: Read) -> None:
    word = docx.Document()
    word.add_heading("Findings", 1)
    xml = (
        f'<w:sdt xmlns:w="{W}"><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p>'
        "</w:sdtContent></w:sdt>",
        f'<w:p xmlns:w="{W}"><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText> lost</w:delText>'
        "</w:r></w:del><w:ins><w:r><w:t> added.</w:t></w:r></w:ins>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r></w:p>",
    )
    for part in xml:
        word.element.body.insert(-1, etree.fromstring(part))
    stream = io.BytesIO()
    word.save(stream)
    texts = [text for _, _, text in outline(read(stream.getvalue()))]
    assert texts == ["Findings", "In a control.", "Kept added.", "In a box."]


def test_docx_without_styles_is_read_as_plain_text(read: Read) -> None:
    word = docx.Document()
    for text in (
        "Minutes of the Children's Scrutiny Committee held on 3 May 2022",
        "13. IMPROVEMENT PLAN",
        "The Director presented a report on the improvement plan to the committee.",
        "Resolved –",
        "That it be noted.",
    ):
        word.add_paragraph(text)
    stream = io.BytesIO()
    word.save(stream)
    kinds = [kind for kind, _, _ in outline(read(stream.getvalue()))]
    assert kinds == ["title", "heading", "paragraph", "paragraph", "paragraph"]


def test_html_tables_that_only_place_text_are_read_through(read: Read) -> None:
    document = read(
        "<html><body><table><tr><td>12.</td><td><b>IMPROVEMENT PLAN</b><p>Members were told:</p>"
        "<ul><li>caseloads are lower;</li></ul></td></tr></table></body></html>"
    )
    assert outline(document) == [
        ("heading", "12.", "IMPROVEMENT PLAN"),
        ("paragraph", "", "Members were told:"),
        ("bullet", "•", "caseloads are lower;"),
    ]
