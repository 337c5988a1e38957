"""Lists of what should improve, item by item."""

from __future__ import annotations

import pytest

from kg.model import Block, CommitmentClaim, Document, Identity
from tests.identity_cases import NAMES, context, document, expected, extracted

Line = tuple[str, str]


def built(*lines: Line) -> Document:
    """A report from lines of kind and words; ``kind`` may carry a mark or level: "numbered:7."."""
    text, blocks = "", []
    for spec, words in lines:
        kind, _, mark = spec.partition(":")
        level = int(mark) if mark.isdigit() else 1
        start = len(text)
        text += words + "\n\n"
        printed = "" if mark.isdigit() else mark
        blocks.append(Block(kind, start, start + len(words), 1, level, printed))  # type: ignore[arg-type]
    return Document(
        "x", "x", "0" * 64, "text/plain", text, tuple(blocks), (), Identity("inspection")
    )


def items(*lines: Line) -> list[tuple[str, str, str]]:
    made = built(*lines)
    return [
        (claim.scope, claim.clause, made.quote(claim.start, claim.end))
        for claim in extracted(made).of(CommitmentClaim)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_improvement_lists(name: str) -> None:
    found = [
        [claim.scope, claim.kind, claim.clause, document(name).quote(claim.start, claim.end)]
        for claim in context(name).of(CommitmentClaim)
    ]
    assert found == expected(name).get("improvements", [])


def test_a_list_runs_over_its_parts_and_topics_and_ends_at_another_heading() -> None:
    assert items(
        ("heading:2", "What does the local authority need to improve?"),
        ("heading:3", "Priority and immediate action"),
        ("paragraph", "Quality of plans"),
        ("numbered:4.", "Write plans with families."),
        ("heading:3", "Areas for improvement"),
        ("heading:4", "Leadership, management and governance"),
        ("numbered:5.", "Fill the vacant posts."),
        ("heading:2", "The local authority’s strengths"),
        ("numbered:6.", "Adopters feel welcome."),
    ) == [("la", "4", "Write plans with families."), ("la", "5", "Fill the vacant posts.")]


def test_the_boards_list_is_told_from_the_authoritys() -> None:
    front = ("paragraph", "About the service. " * 200)
    assert items(
        front,
        ("heading", "Recommendations"),
        ("numbered:1.", "Ensure plans are shared."),
        ("heading", "The Local Safeguarding Children Board is good"),
        ("heading", "Recommendations"),
        ("numbered:80.", "The board should check data."),
        ("heading", "Inspection findings – the board"),
        ("numbered:81.", "The board meets often."),
    ) == [("la", "1", "Ensure plans are shared."), ("lscb", "80", "The board should check data.")]


def test_an_introduction_is_no_item_and_nested_bullets_belong_to_theirs() -> None:
    assert items(
        ("heading", "Areas for improvement"),
        ("numbered:28.", "In order to improve, the council should take the following action."),
        ("heading:2", "Within three months:"),
        ("numbered:29.", "Ensure that plans include:"),
        ("bullet:2", "a date"),
        ("numbered:30.", "Review caseloads."),
    ) == [("la", "29", "Ensure that plans include:\n\na date"), ("la", "30", "Review caseloads.")]


def test_bullets_under_a_numbered_topic_are_the_items() -> None:
    assert items(
        ("heading", "Recommendations"),
        ("numbered:1.", "Oversight by leaders"),
        ("bullet", "Meet monthly."),
        ("bullet", "Publish minutes."),
    ) == [("la", "", "Meet monthly."), ("la", "", "Publish minutes.")]


def test_saying_that_there_is_nothing_gives_no_item() -> None:
    lists = [("heading", "Priority and immediate action")]
    assert items(*lists, ("paragraph", "There are no areas for priority action.")) == []
    assert items(*lists, ("bullet", "The inspection did not find any areas.")) == []
