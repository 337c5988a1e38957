"""The event that a document reports, and the grades it gives."""

from __future__ import annotations

import pytest

from kg.extract.inspections import report_name
from kg.model import DisagreementClaim, Document, EventClaim, JudgementClaim
from tests.identity_cases import NAMES, context, document, expected, extracted, identified


def facts(own: EventClaim, quote: str) -> dict[str, object]:
    """An event as the cases write it."""
    event: dict[str, object] = {
        "kind": own.event.kind,
        "date": own.event.date,
        "body": own.event.body,
    }
    if own.framework:
        event |= {"framework": own.framework, "reported": report_name(own.framework, quote)[0]}
    stated = {"published": own.published, "lead": own.lead, "lead_post": own.lead_post}
    event |= {name: value.value for name, value in stated.items() if value}
    return event | ({"ordinal": own.ordinal} if own.ordinal else {})


@pytest.mark.parametrize("name", NAMES)
def test_own_event(name: str) -> None:
    own, wanted = context(name).own, expected(name).get("event")
    found = facts(own, document(name).quote(own.start, own.end)) if own else None
    assert found == wanted


@pytest.mark.parametrize("name", NAMES)
def test_judgements(name: str) -> None:
    found = {claim.domain: claim.grade for claim in context(name).of(JudgementClaim)}
    assert found == expected(name).get("judgements", {})


@pytest.mark.parametrize("name", NAMES)
def test_a_judgement_quotes_the_words_that_print_it(name: str) -> None:
    for claim in context(name).of(JudgementClaim):
        words = document(name).quote(claim.start, claim.end)
        assert words == words.strip()
        assert " ".join(words.split()).endswith(claim.printed)


@pytest.mark.parametrize("name", NAMES)
def test_a_heading_that_contradicts_the_table_is_reported(name: str) -> None:
    found = [[c.value, c.other_value] for c in context(name).of(DisagreementClaim)]
    assert found == expected(name).get("disagreements", [])


@pytest.mark.parametrize(
    ("framework", "printed", "wanted"),
    [
        ("ilacs-2018", "Inspection dates: 17 to 28 September 2018", ("ILACS-standard", "inferred")),
        ("ilacs-2023", "4 to 8 March 2024", ("ILACS-short", "inferred")),
        ("ilacs-2018", "8 to 12 July 2019 and 7 to 8 August 2019", ("ILACS-short", "inferred")),
        ("ilacs-2018", "no dates", ("ILACS", "inferred")),
        ("sif-2013", "3 – 26 March 2015", ("SIF", "stated")),
        ("lscb-review-2013", "3 – 5 March 2015", ("other", "stated")),
    ],
)
def test_frameworks_are_reported_by_the_days_on_site(
    framework: str, printed: str, wanted: tuple[str, str]
) -> None:
    assert report_name(framework, printed) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("This was the local authority's fifth monitoring visit since then.", 5),
        ("It took place in May, the second monitoring visit since the inspection.", 2),
        ("In May, the second monitoring visit found drift.", None),
        ("The previous monitoring visit found drift.", None),
    ],
)
def test_the_count_of_a_visit_is_its_own(sentence: str, wanted: int | None) -> None:
    letter = (
        "Dear Mo\n\nMonitoring visit of Bury Council\n\nThis letter summarises the findings of "
        f"the monitoring visit to Bury on 4 June 2019. {sentence}\n\nYours sincerely\n"
    )
    own = extracted(identified(Document("", "x", "0" * 64, "text/plain", letter, ()))).own
    assert own
    assert (own.event.date, own.ordinal) == ("2019-06-04", wanted)
