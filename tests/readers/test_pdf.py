"""PDF: what is furniture, what goes on, what begins anew."""

from __future__ import annotations

from collections.abc import Callable

from kg.model import Document
from tests.readers.conftest import outline
from tests.readers.pdf_writer import BODY, HANGING, Page, table, write

Read = Callable[..., Document]


def test_numbered_paragraph_goes_on_over_a_page_and_its_footer(read: Read) -> None:
    first = Page().foot("1").heading("Help and protection: good")
    first.item("1.", "Children in Eastmoor are seen quickly and their plans are clear to")
    first.item("2.", "Plans are reviewed at the right time, and the views of children are")
    second = Page().foot("2")
    second.paragraph("heard by those who decide. Records are up to date.", x=HANGING)
    second.item("3.", "Managers oversee this work.")
    document = read(write(first, second))
    assert outline(document) == [
        ("title", "", "Help and protection: good"),
        ("numbered", "1.", "Children in Eastmoor are seen quickly and their plans are clear to"),
        (
            "numbered",
            "2.",
            "Plans are reviewed at the right time, and the views of children are heard by those"
            " who decide. Records are up to date.",
        ),
        ("numbered", "3.", "Managers oversee this work."),
    ]
    assert "2. Plans are reviewed" in document.text
    assert document.pages == (0, document.text.index("heard by"))
    assert document.page_at(document.text.index("Managers")) == 2


def test_running_footer_goes_even_with_another_date_on_the_first_page(read: Read) -> None:
    def page(number: int, date: str) -> Page:
        made = Page()
        for text, y in (
            ("Inspection of Eastmoor local authority children’s services", 40.0),
            (f"{date} {number}", 30.0),
        ):
            kept, made.y = made.y, y
            made.put(text, size=8)
            made.y = kept
        return made.down(40).paragraph(f"Body of page {number} is kept whole by the reader.")

    dates = ["3 May 2022", "3 to 14 May 2022", "3 to 14 May 2022", "3 to 14 May 2022"]
    pages = [page(number, date) for number, date in enumerate(dates, 1)]
    document = read(write(*pages))
    assert "Inspection of" not in document.text
    assert document.text.count("Body of page") == 4
    assert "14 May" not in document.text


def test_key_stage_number_at_a_line_start_is_no_paragraph(read: Read) -> None:
    page = Page().paragraph("A plain opening line that stands at the top of this page here.")
    page.item("1.", "Pupils do well at the end of key stage 2 and at the end of key stage")
    page.y += 12
    page.paragraph("2. Results in reading are above those of similar areas.", x=HANGING)
    page.item("2.", "Attendance has risen.")
    marks = [(mark, text) for _, mark, text in outline(read(write(page))) if mark]
    assert marks == [
        (
            "1.",
            "Pupils do well at the end of key stage 2 and at the end of key stage 2. Results in"
            " reading are above those of similar areas.",
        ),
        ("2.", "Attendance has risen."),
    ]


def test_number_without_a_stop_in_its_place_is_a_number(read: Read) -> None:
    page = Page().item("1.", "The first paragraph is marked as it should be.")
    page.item("2", "The second has lost the full stop after its number.")
    page.put("3.Glued", 71).down(26)
    assert [mark for _, mark, _ in outline(read(write(page)))] == ["1.", "2.", "3."]


def test_bullets_nest_by_indent_and_empty_ones_go(read: Read) -> None:
    page = Page().heading("What needs to improve?")
    page.item(
        "•", "The quality of plans, so that they say what will change and by when for", "children."
    )
    page.item("•", "Of the children in care:", x=71, text_x=89)
    page.item("–", "40 live outside the area", x=116, text_x=128)
    page.item("–", "six live with parents.", x=116, text_x=128)
    page.put("•", 71).down(26)
    page.item("•", "Supervision of staff.")
    document = read(write(page))
    bullets = [
        (block.level, block.mark, document.quote(block.start, block.end))
        for block in document.blocks
        if block.kind == "bullet"
    ]
    assert bullets == [
        (
            1,
            "•",
            "The quality of plans, so that they say what will change and by when for children.",
        ),
        (1, "•", "Of the children in care:"),
        (2, "–", "40 live outside the area"),
        (2, "–", "six live with parents."),
        (1, "•", "Supervision of staff."),
    ]
    assert "• Of the children in care:\n  – 40 live outside the area\n" in document.text


def test_ruled_table_keeps_cells_and_joins_wrapped_ones(read: Read) -> None:
    page = Page().heading("Inspection of Eastmoor children’s services", size=26)
    table(
        page,
        [
            [["Judgement"], ["Grade"]],
            [["The experiences and progress of", "children in care"], ["Good"]],
            [["Overall effectiveness"], ["Requires improvement to", "be good"]],
        ],
        [71, 297, 523],
    )
    page.paragraph("Leaders know their services well and act on what they learn from them.")
    document = read(write(page))
    assert outline(document)[1] == (
        "table",
        "",
        "Judgement | Grade / The experiences and progress of children in care | Good / "
        "Overall effectiveness | Requires improvement to be good",
    )
    assert "children in care\tGood\nOverall effectiveness\tRequires" in document.text


def test_footnotes_leave_the_sentence_they_cut(read: Read) -> None:
    first = Page().foot("1").paragraph("An opening paragraph that is complete in itself.")
    first.y = 100
    first.put("Planned activities such as tuition", 71)
    first.y += 4
    first.put("1", 255, size=6.5)
    first.y -= 4
    first.put("and buying", 261)
    first.y = 76
    first.put("1", 71, size=6.5)
    first.y = 72
    first.put("Tuition is paid for by a grant for pupils.", 75, size=10)
    second = Page().foot("2").paragraph("learning resources are well matched to needs.")
    document = read(write(first, second))
    assert outline(document)[1:] == [
        (
            "paragraph",
            "",
            "Planned activities such as tuition and buying learning resources are well matched"
            " to needs.",
        ),
        ("footnote", "1", "Tuition is paid for by a grant for pupils."),
    ]


def test_headings_wrap_rank_by_style_and_leave_contents_alone(read: Read) -> None:
    cover = Page().heading("Eastmoor Borough Council", style="plain", size=26)
    cover.line("Contents", size=20)
    cover.put("Summary", 85).put("2", 500).down(20)
    cover.put("The experiences and progress of children who need help and", 85).down(15)
    cover.put("protection", 85).put("3", 500).down(20)
    body = Page().heading("The local authority", size=16)
    body.heading("The experiences and progress of children who need help and", "protection: good")
    body.heading("Early help", style="slanted", size=BODY)
    body.paragraph("Families are helped early, and help is offered in the places they know.")
    document = read(write(cover, body))
    heads = [
        (block.kind, block.level, document.quote(block.start, block.end))
        for block in document.blocks
        if block.kind in ("title", "heading")
    ]
    assert heads == [
        ("title", 1, "Eastmoor Borough Council"),
        ("heading", 2, "The local authority"),
        (
            "heading",
            3,
            "The experiences and progress of children who need help and protection: good",
        ),
        ("heading", 4, "Early help"),
    ]
    assert (
        "table",
        "",
        "Contents / Summary | 2 / "
        "The experiences and progress of children who need help and protection | 3",
    ) in outline(document)


def test_compounds_cut_at_their_hyphen_close_up(read: Read) -> None:
    page = Page().paragraph(
        "Homeless 16- and 17-",
        "year-olds are offered a well-",
        "planned place to live, both 16-",
        "and 17-year-olds.",
    )
    assert (
        "16- and 17-year-olds are offered a well-planned place to live, both 16- and 17-year-olds"
        in read(write(page)).text
    )


def test_same_bytes_give_the_same_document(read: Read) -> None:
    data = write(Page().heading("Title of this").paragraph("Text that stays the same."))
    assert read(data) == read(data)


def test_table_goes_on_over_a_page_and_its_footnote(read: Read) -> None:
    edges = [71.0, 297.0, 523.0]
    first = Page().paragraph("The judgements are set out in the table that follows here:")
    table(first, [[["Help"], ["Good"]], [["Care"], ["Good"]]], edges)
    first.y = 76
    first.put("1", 71, size=6.5)
    first.y = 72
    first.put("What the judgements mean is said at the end.", 77, size=10)
    second = table(Page(), [[["Leaders"], ["Good"]], [["Overall"], ["Good"]]], edges)
    second.paragraph("A closing line of the document that stands below the table here.")
    kinds = [kind for kind, _, _ in outline(read(write(first, second)))]
    assert kinds == ["paragraph", "table", "footnote", "paragraph"]


def test_drawn_dots_are_bullets(read: Read) -> None:
    page = Page().paragraph("The council should look again at these matters:")
    for text in ("the quality of plans", "the pace of change"):
        page.commands.append(f"78 {page.y + 2} 4 4 re f")
        page.line(text, 90)
    assert outline(read(write(page)))[1:] == [
        ("bullet", "•", "the quality of plans"),
        ("bullet", "•", "the pace of change"),
    ]
