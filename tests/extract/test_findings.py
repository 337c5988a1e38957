"""Findings, what a visit looked at, and what was raised before, on invented letters."""

from __future__ import annotations

import pytest

from kg.embed import HashingEmbedder
from kg.extract import repeats, scope
from kg.extract.context import Context
from kg.extract.findings import assess, extract
from kg.extract.findings.phrases import Phrases
from kg.model import (
    Block,
    Document,
    DocumentKind,
    EventClaim,
    EventRef,
    FindingClaim,
    Identity,
    RepeatClaim,
    ScopeClaim,
)
from kg.sentences import sentences

Line = tuple[str, str]
VISIT = EventRef("monitoring-visit", date="2021-05-11", body="Ofsted")


def built(*lines: Line, kind: DocumentKind = "monitoring-visit-letter") -> Document:
    """A document of lines: the kind of block and its words."""
    text, blocks = "", []
    for block, words in lines:
        start = len(text)
        text += words + "\n\n"
        blocks.append(Block(block, start, start + len(words)))  # type: ignore[arg-type]
    return Document("x", "x", "0" * 64, "text/plain", text, tuple(blocks), (), Identity(kind))


def around(document: Document) -> Context:
    own = EventClaim(
        start=0, end=1, extractor="test", event=VISIT, label="Monitoring visit", own=True
    )
    return Context(sentences(document), HashingEmbedder(), (own,))


def findings(*lines: Line, kind: DocumentKind = "monitoring-visit-letter") -> list[FindingClaim]:
    document = built(*lines, kind=kind)
    return [c for c in extract(document, around(document)) if isinstance(c, FindingClaim)]


def said(*sentences: str) -> list[FindingClaim]:
    return findings(("heading", "Findings"), ("paragraph", " ".join(sentences)))


def raised(*sentences: str) -> list[RepeatClaim]:
    document = built(("heading", "Findings"), ("paragraph", " ".join(sentences)))
    claims = repeats.extract(document, around(document))
    return [claim for claim in claims if isinstance(claim, RepeatClaim)]


@pytest.mark.parametrize(
    ("sentence", "polarity", "theme"),
    [
        ("Supervision is too infrequent and lacks reflection.", "weakness", "supervision"),
        ("Life-story work is of a high quality and done with care.", "strength", "life-story-work"),
        ("Caseloads are too high in the assessment teams.", "weakness", "caseloads"),
        ("Strategy meetings are timely and well attended.", "strength", "strategy-meetings"),
        ("Parental consent is not always sought.", "weakness", "consent"),
        ("Pathway plans are not written with young people.", "weakness", "care-leavers"),
    ],
)
def test_a_sentence_that_judges_is_a_finding(sentence: str, polarity: str, theme: str) -> None:
    [finding] = said(sentence)
    assert (finding.polarity, finding.themes[0]) == (polarity, theme)


@pytest.mark.parametrize(
    "sentence",
    [
        "A new head of service took up post in June.",
        "The council intends to open two children's homes next year.",
        "At the end of March there were 212 children in care.",
        "I am copying this letter to the Department for Education.",
        "Members asked how the vacancies would be filled.",
        "The overall judgement is inadequate",
        "and",
    ],
)
def test_bare_actions_plans_figures_and_questions_are_none(sentence: str) -> None:
    assert said(sentence) == []


def test_items_of_an_improvement_list_are_weaknesses_whatever_their_words() -> None:
    found = findings(
        ("heading", "What needs to improve"),
        ("bullet", "The good start made with life-story work."),
        ("bullet", "How well health partners take part in strategy meetings."),
        ("heading", "Areas covered by the visit"),
        ("paragraph", "Inspectors looked at poor practice in supervision."),
    )
    assert [(f.polarity, f.listed) for f in found] == [("weakness", True)] * 2


def test_a_summary_for_children_is_not_counted() -> None:
    found = findings(
        ("heading", "Summary for children and young people"),
        ("paragraph", "Social workers change too often and this is not good for you."),
        kind="inspection",
    )
    assert found == []


def test_a_statement_made_twice_points_to_the_first() -> None:
    words = "Return home interviews are offered too late to help missing children stay safe."
    first, second = findings(
        ("heading", "Overview"),
        ("paragraph", words),
        ("heading", "Findings"),
        ("paragraph", words.replace("offered", "too often offered")),
    )
    assert first.restates is None
    assert second.restates == first.start


def test_every_sentence_is_assessed_with_what_it_would_say() -> None:
    document = built(("paragraph", "The visit took two days. Plans are weak."))
    assert [(a.is_finding, bool(a.themes)) for a in assess(document, around(document))] == [
        (False, True),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("sentence", "direction", "since"),
    [
        ("Practice at the front door has declined since the last visit in March 2020.",
         "declined", "2020-03"),
        ("Supervision has improved but it is not yet good enough.", "improved", None),
        ("The weak recording of visits has not been addressed.", "unchanged", None),
        ("It is too early to see the impact of this on poor assessments.", "too-early", None),
    ],
)  # fmt: skip
def test_direction_of_travel(sentence: str, direction: str, since: str | None) -> None:
    [finding] = said(sentence)
    found = finding.direction_since
    assert (finding.direction, found.date if found else None) == (direction, since)


@pytest.mark.parametrize(
    ("sentence", "assertor"),
    [
        ("Supervision is poor.", "inspector"),
        ("Social workers told inspectors that their caseloads are too high.", "staff"),
        ("The self-assessment recognises that assessments are weak.", "self-assessment"),
        ("Members noted that managers report weak supervision.", "member"),
        ("Partner agencies reported that thresholds are not clear.", "partner"),
    ],
)
def test_who_asserts(sentence: str, assertor: str) -> None:
    assert [finding.assertor for finding in said(sentence)] == [assertor]


def test_a_commissioner_retelling_an_inspection_speaks_of_that_inspection() -> None:
    document = built(
        ("heading", "2016 inspection of services for children"),
        ("paragraph", "Inspectors found that risk was not recognised and children were unsafe."),
        kind="commissioners-report",
    )
    [finding] = extract(document, around(document))
    assert isinstance(finding, FindingClaim)
    assert (finding.event.kind, finding.event.date) == ("inspection", "2016")
    assert finding.retells == finding.event
    assert finding.assertor == "inspector"


@pytest.mark.parametrize(
    ("sentence", "relation", "kind", "date"),
    [
        ("This was raised at the last monitoring visit in February 2020.",
         "raised-before", "monitoring-visit", "2020-02"),
        ("Delays in recording have not been addressed since 2014.",
         "not-addressed", "inspection", "2014"),
        ("High turnover is an issue in every report since the 2017 inspection.",
         "same-as", "inspection", "2017"),
        ("The front door has deteriorated since the focused visit in May 2019.",
         "continues", "focused-visit", "2019-05"),
        ("Return interviews continue to be an area for improvement.",
         "continues", "inspection", None),
    ],
)  # fmt: skip
def test_raised_before(sentence: str, relation: str, kind: str, date: str | None) -> None:
    found = [(c.relation, c.earlier.kind, c.earlier.date) for c in raised(sentence)]
    assert (relation, kind, date) in found


def test_two_earlier_events_are_two_statements() -> None:
    found = raised("Previous inspections, in 2014 and 2017, had identified weak safety planning.")
    assert [claim.earlier.date for claim in found] == ["2014", "2017"]


def test_a_sentence_that_points_back_is_about_the_one_before() -> None:
    document = built(
        ("paragraph", "Audits leave out families. This was raised at the inspection in June 2018.")
    )
    [claim] = repeats.extract(document, around(document))
    assert isinstance(claim, RepeatClaim)
    assert document.quote(claim.about_start, claim.about_end) == "Audits leave out families."


def test_the_last_inspection_without_a_date_is_the_latest_that_the_document_dates() -> None:
    [claim] = raised(
        "The council was judged inadequate in July 2019.",
        "Weak supervision was identified at the last inspection.",
    )[-1:]
    assert claim.earlier.kind == "inspection"


@pytest.mark.parametrize(
    "sentence",
    [
        "The monitoring visit took place in March 2021.",
        "Children are visited regularly.",
        "The last inspection was in 2018.",
        "This shortfall was recognised by leaders during the inspection.",
        "Families with recurrent concerns are known to the team.",
    ],
)
def test_mentioning_an_event_is_not_a_repeat(sentence: str) -> None:
    assert raised(sentence) == []


def test_scope_names_what_was_looked_at_and_not_the_evidence() -> None:
    document = built(
        ("heading", "Areas covered by the visit"),
        ("paragraph", "Inspectors reviewed the quality of supervision and permanence planning."),
        ("paragraph", "A range of evidence was considered, including performance data."),
    )
    [claim] = scope.extract(document, around(document))
    assert isinstance(claim, ScopeClaim)
    assert set(claim.themes) == {"supervision", "permanence"}


def test_phrases_match_whole_words_prefixes_and_gaps() -> None:
    index = Phrases({"a": ("delay*", "not ... enough"), "b": ("front-door",)})
    found = [
        (hit.group, hit.start, hit.end) for hit in index.find("Delays, not soon enough; front door")
    ]
    assert found == [("a", 0, 1), ("a", 1, 4), ("b", 4, 6)]
    assert index.find("undelayed, nothing like enough") == []
