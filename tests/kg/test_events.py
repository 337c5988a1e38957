"""References to events come together when, and only when, they can mean one event."""

from __future__ import annotations

import pytest

from kg.model import Document, EventClaim, EventRef, FindingClaim, Identity, Record, Stated
from kg.resolve import Directory
from kg.resolve.entities import Event
from kg.resolve.events import Events
from kg.resolve.keys import EventKey, event_key

INSPECTION = "2018-09-17/2018-09-28"


def document(name: str, *claims: EventClaim | FindingClaim, authority: str = "kelland") -> Record:
    identity = Identity(authority=Stated(authority, 0, 1))
    found = Document(name, f"{name}.txt", "0" * 64, "text/plain", "x" * 99, (), identity=identity)
    return Record(found, (), claims)


def own(kind: str, date: str | None, **more: object) -> EventClaim:
    return mention(kind, date, own=True, **more)


def mention(kind: str, date: str | None, label: str = "", **more: object) -> EventClaim:
    body = more.pop("body", None)
    authority = more.pop("authority", None)
    ref = EventRef(kind, authority, date, body)  # type: ignore[arg-type]
    label = label or kind
    return EventClaim(start=0, end=9, extractor="t@1", event=ref, label=label, **more)  # type: ignore[arg-type]


def finding(kind: str, date: str | None) -> FindingClaim:
    return FindingClaim(
        start=0,
        end=9,
        extractor="t@1",
        event=EventRef(kind, None, date),
        polarity="weakness",
        themes=("plans",),
        assertor="inspector",
    )


def settle(*records: Record) -> Directory[EventKey, Event]:
    events = Events()
    for record in records:
        events.see(record)
    return events.settle()


def ids(*records: Record) -> list[str]:
    return sorted(settle(*records).entities)


def test_an_imprecise_mention_joins_the_one_event_that_fits() -> None:
    report = document("report", own("inspection", INSPECTION))
    for date in ("2018-09", "2018", "2018-09-20", INSPECTION):
        letter = document("letter", mention("inspection", date))
        assert ids(report, letter) == ["inspection/kelland/2018-09-17-inspection"], date


def test_the_order_of_documents_does_not_matter() -> None:
    report = document("report", own("inspection", INSPECTION))
    letter = document("letter", mention("inspection", "2018"), mention("inspection", "2018-09"))
    assert settle(report, letter).ids == settle(letter, report).ids


def test_a_mention_that_fits_two_events_stays_its_own() -> None:
    first = document("one", own("monitoring-visit", "2019-03-05"))
    second = document("two", own("monitoring-visit", "2019-06-11"))
    third = document("three", mention("monitoring-visit", "2019"))
    found = settle(first, second, third)
    assert sorted(found.entities) == [
        "inspection/kelland/2019-03-05-monitoring-visit",
        "inspection/kelland/2019-06-11-monitoring-visit",
        "inspection/kelland/2019-monitoring-visit",
    ]
    alone = found.entities["inspection/kelland/2019-monitoring-visit"]
    assert alone.reported_in == ()


@pytest.mark.parametrize(
    "other",
    [
        mention("inspection", "2019-09"),
        mention("direction", "2018-09"),
        mention("inspection", "2018-09", authority="aldmoor"),
        mention("monitoring-visit", "2018-09"),
    ],
    ids=["date", "kind", "authority", "sister kind"],
)
def test_what_contradicts_does_not_join(other: EventClaim) -> None:
    report = document("report", own("inspection", INSPECTION))
    assert len(ids(report, document("letter", other))) == 2


def test_bodies_that_differ_keep_events_apart_and_silence_does_not() -> None:
    report = document("report", own("inspection", INSPECTION, body="Ofsted"))
    assert len(ids(report, document("l", mention("inspection", "2018-09", body="CQC")))) == 2
    assert len(ids(report, document("l", mention("inspection", "2018-09")))) == 1


def test_the_general_word_means_the_special_kind_when_nothing_else_fits() -> None:
    joint = document("joint", own("joint-inspection", "2017-02-27/2017-03-03"))
    letter = document("letter", mention("inspection", "2017-03"))
    assert ids(joint, letter) == ["inspection/kelland/2017-02-27-joint-inspection"]


def test_the_month_of_publication_means_the_inspection() -> None:
    published = Stated("2018-10-29", 0, 9)
    report = document("report", own("inspection", INSPECTION, published=published))
    letter = document("letter", mention("inspection", "2018-10"))
    assert ids(report, letter) == ["inspection/kelland/2018-09-17-inspection"]


def test_a_mention_without_a_date_is_its_documents_alone() -> None:
    one = document("one", mention("inspection", None))
    two = document("two", mention("inspection", None), mention("inspection", None))
    assert len(ids(one, two)) == 2


def test_findings_of_an_event_point_to_it() -> None:
    report = document("report", own("inspection", INSPECTION), finding("inspection", "2018-09"))
    found = settle(report)
    key = event_key(EventRef("inspection", None, "2018-09"), report.document)
    assert found.find(key).reported_in == ("report",)
    assert found.find(key).date == INSPECTION


def test_appointments_of_one_day_are_told_apart_by_label() -> None:
    record = document(
        "minutes",
        mention("appointment", "2019-04-01", "director appointed"),
        mention("appointment", "2019-04-01", "chair appointed"),
    )
    assert ids(record) == [
        "event/kelland/2019-04-01-chair-appointed",
        "event/kelland/2019-04-01-director-appointed",
    ]


def test_two_reports_of_one_visit_are_one_event() -> None:
    one = document("one", own("monitoring-visit", "2019-06-11", label="Second visit"))
    two = document("two", own("monitoring-visit", "2019-06-11/2019-06-12"))
    (event,) = settle(one, two).entities.values()
    assert event.reported_in == ("one", "two")
    assert event.label == "Second visit"


def test_long_labels_give_short_ids_that_stay_apart() -> None:
    words = "The council agreed that the new arrangements for the service as a whole would begin "
    record = document(
        "minutes",
        mention("decision", "2019-04-01", words + "in May"),
        mention("decision", "2019-04-01", words + "in June"),
    )
    found = ids(record)
    assert len(found) == 2
    assert all(len(ident) < 120 for ident in found)


def test_a_month_soon_after_an_inspection_means_its_undated_report() -> None:
    report = document("one", own("inspection", "2014-02-18/2014-03-12"))
    found = settle(report, document("two", mention("inspection", "2014-05")))
    assert sorted(found.entities) == ["inspection/kelland/2014-02-18-inspection"]


def test_a_year_means_the_one_inspection_whose_report_is_loaded() -> None:
    report = document("one", own("inspection", "2014-02-18/2014-03-12"))
    other = document("two", mention("inspection", "2014-11"))
    found = settle(report, other, document("three", mention("inspection", "2014")))
    assert sorted(found.entities) == [
        "inspection/kelland/2014-02-18-inspection",
        "inspection/kelland/2014-11-inspection",
    ]
