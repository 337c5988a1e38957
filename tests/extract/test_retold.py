"""Earlier grades, events and repeats that a document retells, read through the extractors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from kg.extract import Context, events, extract, organisations, posts, repeats, retold, tenures
from kg.identify import identify
from kg.model import Claim, EventClaim, JudgementClaim, RepeatClaim
from kg.readers import read
from kg.sentences import sentences
from tests.extract.facts_of import NoModel

EXTRACTORS = (
    organisations.extract,
    posts.extract,
    tenures.extract,
    events.extract,
    retold.extract,
    repeats.extract,
)
Reading = Callable[[str], tuple[Claim, ...]]
TITLE = "# Report of the Children's Services Commissioner\n\nKestrelby Council\n\nMarch 2022\n\n"


@pytest.fixture
def claims(tmp_path: Path) -> Reading:
    """The claims of a report with a given body."""

    def of(body: str) -> tuple[Claim, ...]:
        path = tmp_path / "report.md"
        path.write_text(TITLE + body, encoding="utf-8")
        document = read(path, path.name)
        document = replace(document, identity=identify(document))
        context = Context(sentences=sentences(document), embedder=NoModel())
        return extract(document, context, EXTRACTORS)

    return of


def _grades(claims: tuple[Claim, ...]) -> set[tuple[str | None, str, str]]:
    return {
        (claim.event.date, claim.domain, claim.grade)
        for claim in claims
        if isinstance(claim, JudgementClaim) and claim.event.authority != "unknown"
    }


@pytest.mark.parametrize(
    ("sentence", "domain", "grade"),
    [
        ("The council was given an overall judgement of 'Good'.", "overall_effectiveness", "good"),
        (
            "The overall judgement was 'Inadequate', which nobody expected.",
            "overall_effectiveness",
            "inadequate",
        ),
        (
            "The impact of leaders on social work practice was judged to be 'Good'.",
            "leadership_and_management",
            "good",
        ),
        (
            "Services for those who need help and protection were found to be inadequate.",
            "help_and_protection",
            "inadequate",
        ),
    ],
)
def test_a_grade_under_the_heading_of_an_inspection(
    claims: Reading, sentence: str, domain: str, grade: str
) -> None:
    body = f"## 2019 Inspection of children's social care services\n\n{sentence}\n"
    assert _grades(claims(body)) == {("2019", domain, grade)}


@pytest.mark.parametrize(
    "body",
    [
        "## 2019 Inspection of children's services\n\nRelations with schools were good.\n",
        "## 2019 Inspection of children's homes\n\nThe overall judgement was 'Good'.\n",
        "## 2011 Inspection of children's services\n\nIts overall judgement was "
        "'Requires improvement'.\n",
        "## Workforce in 2019\n\nThe overall judgement was 'Good'.\n",
        "The director came from another authority, where services were rated as good in 2012.\n",
    ],
)
def test_what_is_no_grade_of_an_inspection_of_the_authority(claims: Reading, body: str) -> None:
    assert _grades(claims(body)) == set()


def _earlier(claims: tuple[Claim, ...]) -> set[str | None]:
    return {claim.earlier.date for claim in claims if isinstance(claim, RepeatClaim)}


@pytest.mark.parametrize(
    ("body", "date"),
    [
        (
            "## 2019\n\nOfsted made monitoring visits in February and May 2019. "
            "All reports raised the same concern about caseloads.\n",
            "2019-05",
        ),
        (
            "## 2020\n\nThe April Ofsted inspection also raised concerns about caseloads.\n",
            "2020-04",
        ),
        (
            "## 2018 Inspection\n\nDelay was also found a concern at the JTAI the year before.\n",
            "2017",
        ),
    ],
)
def test_the_day_of_an_earlier_event_from_its_place(claims: Reading, body: str, date: str) -> None:
    assert date in _earlier(claims(body))


def _posts(claims: tuple[Claim, ...]) -> list[tuple[str, str | None]]:
    return [
        (claim.event.kind, claim.event.date)
        for claim in claims
        if isinstance(claim, EventClaim) and claim.event.kind in ("appointment", "departure")
    ]


def test_two_posts_filled_by_one_act_are_one_event(claims: Reading) -> None:
    body = (
        "Members appointed a permanent Deputy Director for Education and permanent "
        "Director of Children's Services in April 2016.\n"
    )
    assert _posts(claims(body)) == [("appointment", "2016-04")]


def test_how_long_a_post_is_held_is_no_event(claims: Reading) -> None:
    assert _posts(claims("The Chief Executive has been in post since 2015.\n")) == []
    assert _posts(claims("The Chief Executive was appointed in 2015.\n")) == [
        ("appointment", "2015")
    ]


def test_an_undated_inspection_of_homes_stands_beside_a_dated_one(claims: Reading) -> None:
    body = (
        "Ofsted carried out an inspection of children's services in May 2019.\n\n"
        "Residents' parents complained after inspections of its three children's homes.\n"
    )
    found = [c.event for c in claims(body) if isinstance(c, EventClaim)]
    assert {event.date for event in found if event.kind == "inspection"} == {"2019-05", None}
