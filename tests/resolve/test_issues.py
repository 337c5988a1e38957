"""Recurring issues: what is one problem, what stays apart, and what people decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.corrections import Action, Correction, Place, load
from kg.embed import PACKAGED, Embedder, open_embedder
from kg.errors import FindingsError
from kg.model import (
    Document,
    EventRef,
    FindingClaim,
    Identity,
    Polarity,
    Record,
    RepeatClaim,
    Stated,
)
from kg.resolve.entities import Issue
from kg.resolve.events import Events
from kg.resolve.issues import Issues

FIRST = EventRef("inspection", "kelland", "2019-03-04/2019-03-15", "Ofsted")
SECOND = EventRef("monitoring-visit", "kelland", "2020-10-06", "Ofsted")
THIRD = EventRef("inspection", "kelland", "2022-05-09/2022-05-20", "Ofsted")

IRREGULAR = "Supervision of social workers is not regular in the assessment teams."
GAPS = "Supervision is not held regularly for all, and several social workers go months without it."
LATE = "Initial child protection conferences are often held late."
TRAINING = "Not all foster carers have completed their mandatory training."
OTHERS = {
    "a": (
        ("Chronologies on file are out of date.", "case-recording"),
        ("The local offer for young people leaving care is hard to find.", "care-leavers"),
        ("Private fostering arrangements are rarely notified.", "private-fostering"),
        ("Dental checks are overdue.", "health-of-children-in-care"),
    ),
    "b": (
        ("Too few adopters are approved.", "adoption"),
        ("The corporate parenting board seldom meets.", "corporate-parenting"),
        ("Police notifications of domestic abuse arrive late.", "domestic-abuse"),
        ("Court statements lack analysis.", "pre-proceedings"),
    ),
}
"""What else the documents find: how rare a word is tells only where there are many."""


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(PACKAGED)


def _record(
    name: str,
    event: EventRef,
    *said: tuple[str, Polarity, str],
    repeats: tuple[RepeatClaim, ...] = (),
) -> Record:
    """A document that reports an event and makes these findings, one after the other."""
    text, claims = "", []
    rest = (_weak(words, theme) for words, theme in OTHERS.get(name, ()))
    for words, polarity, theme in (*said, *rest):
        span = len(text), len(text) + len(words)
        claims.append(
            FindingClaim(
                start=span[0],
                end=span[1],
                extractor="t@1",
                event=event,
                polarity=polarity,
                themes=(theme,),
                assertor="inspector",
            )
        )
        text += f"{words}\n"
    document = Document(
        id=name,
        file=f"{name}.txt",
        sha256="0" * 64,
        media_type="text/plain",
        text=text,
        blocks=(),
        identity=Identity(authority=Stated("kelland", 0, 1)),
    )
    return Record(document, (), (*claims, *repeats))


def _issues(
    embedder: Embedder, *records: Record, corrections: tuple[Correction, ...] = ()
) -> tuple[Issue, ...]:
    issues, events = Issues(embedder, corrections), Events()
    for record in records:
        issues.see(record)
        events.see(record)
    known = {record.document.id: record for record in records}
    return issues.settle(events.settle(), known.__getitem__)


def _weak(words: str, theme: str) -> tuple[str, Polarity, str]:
    return words, "weakness", theme


def _decision(action: Action, *places: tuple[str, str], label: str = "") -> Correction:
    found = tuple(Place(*place) for place in places)
    return Correction(action, found, "scrutiny officer", date(2024, 5, 3), label)


TWICE = (
    _record("a", FIRST, _weak(IRREGULAR, "supervision")),
    _record("b", SECOND, _weak(GAPS, "supervision")),
)


def test_one_problem_in_other_words_at_two_events_is_one_issue(embedder: Embedder) -> None:
    (issue,) = _issues(embedder, *TWICE)
    assert issue.label == "Supervision: not regular or not reflective"
    assert issue.problem == "supervision"
    assert len(issue.occurrences) == 2
    assert (issue.first, issue.last) == (FIRST.date, SECOND.date)
    assert issue.status == "persisting"
    assert "Supervision" in issue.explanation


def test_two_problems_of_one_theme_stay_apart(embedder: Embedder) -> None:
    carers = _record("a", FIRST, _weak(TRAINING, "fostering"))
    reviews = _record(
        "b", SECOND, _weak("The fostering panel does not scrutinise approvals.", "fostering")
    )
    assert _issues(embedder, carers, reviews) == ()


def test_the_same_event_told_twice_is_no_recurrence(embedder: Embedder) -> None:
    again = _record("b", FIRST, _weak(GAPS, "supervision"))
    assert _issues(embedder, TWICE[0], again) == ()


def test_a_later_strength_resolves(embedder: Embedder) -> None:
    praised = "Supervision of social workers is now regular in the assessment teams."
    third = _record("c", THIRD, (praised, "strength", "supervision"))
    (issue,) = _issues(embedder, *TWICE, third)
    assert issue.status == "resolved"
    assert issue.last == SECOND.date


def test_an_event_that_a_document_points_back_to_counts(embedder: Embedder) -> None:
    unloaded = EventRef("inspection", "kelland", "2014-02", "Ofsted")
    said = RepeatClaim(
        start=0,
        end=len(LATE),
        extractor="t@1",
        event=FIRST,
        earlier=unloaded,
        relation="raised-before",
        about_start=0,
        about_end=len(LATE),
    )
    late = _weak(LATE, "child-protection-conferences")
    (issue,) = _issues(embedder, _record("a", FIRST, late, repeats=(said,)))
    assert len(issue.explicit) == 1
    assert issue.first == "2014-02"


def test_what_two_findings_say_was_raised_before_is_one_issue(embedder: Embedder) -> None:
    """Both report one known problem, at the only event that is loaded."""
    said = tuple(
        RepeatClaim(
            start=start,
            end=start + 10,
            extractor="t@1",
            event=FIRST,
            about_start=start,
            about_end=start + 10,
            earlier=EventRef("inspection", "kelland", "2017-05", "Ofsted"),
            relation="raised-before",
        )
        for start in (0, len(IRREGULAR) + 1)
    )
    both = (_weak(IRREGULAR, "supervision"), _weak(GAPS, "supervision"))
    (issue,) = _issues(embedder, _record("a", FIRST, *both, repeats=said))
    assert len(issue.occurrences) == len(issue.explicit) == 2


def test_an_officer_rejects(embedder: Embedder) -> None:
    rejected = _decision("reject", ("b", GAPS))
    assert _issues(embedder, *TWICE, corrections=(rejected,)) == ()


def test_an_officer_relabels_and_it_is_kept(embedder: Embedder) -> None:
    place = ("b", "several social workers go months without it")
    named = _decision("relabel", place, label="No supervision")
    (issue,) = _issues(embedder, *TWICE, corrections=(named,))
    assert issue.label == "No supervision"
    (decision,) = issue.corrections
    assert decision.correction == named
    assert set(decision.findings) < set(issue.occurrences)


def test_an_officer_merges_and_splits(embedder: Embedder) -> None:
    first = _record("a", FIRST, _weak(IRREGULAR, "supervision"), _weak(TRAINING, "fostering"))
    second = _record("b", SECOND, _weak(GAPS, "supervision"), _weak(TRAINING, "fostering"))
    assert len(_issues(embedder, first, second)) == 2
    merged = _decision("merge", ("a", IRREGULAR), ("b", TRAINING))
    (one,) = _issues(embedder, first, second, corrections=(merged,))
    assert len(one.occurrences) == 4
    split = _decision("split", ("a", IRREGULAR), ("b", GAPS))
    again = _issues(embedder, first, second, corrections=(merged, split))
    assert sorted(len(issue.occurrences) for issue in again) == [2, 2]


def test_a_decision_on_what_is_not_loaded_does_nothing(embedder: Embedder) -> None:
    elsewhere = _decision("reject", ("z", GAPS))
    assert _issues(embedder, *TWICE, corrections=(elsewhere,)) == _issues(embedder, *TWICE)


def test_corrections_are_read_from_the_data_directory(tmp_path: Path) -> None:
    assert load(tmp_path) == ()
    (tmp_path / "corrections.yaml").write_text(
        "- action: relabel\n"
        "  findings: [{document: a, quote: words}]\n"
        "  by: scrutiny officer\n"
        "  when: 2024-05-03\n"
        "  label: Supervision\n",
        encoding="utf-8",
    )
    (read,) = load(tmp_path)
    assert read == _decision("relabel", ("a", "words"), label="Supervision")


@pytest.mark.parametrize(
    "text",
    [
        "- action: forget\n  findings: []\n  by: officer\n  when: 2024-05-03\n",
        "- {action: confirm, findings: [], by: officer, when: 2024-05-03}\n",
        "- {action: confirm, findings: [{document: a, quote: b}], by: '', when: 2024-05-03}\n",
        "- {action: relabel, findings: [{document: a, quote: b}], by: officer, when: 2024-05-03}\n",
        "- {action: merge, findings: [{document: a, quote: b}], by: officer, when: 2024-05-03}\n",
    ],
)
def test_corrections_that_say_too_little_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "corrections.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError, match="corrections"):
        load(tmp_path)
