"""Judgements made elsewhere that a document retells, in a table or in running text.

Of earlier inspections, of services that are inspected on their own (homes, fostering, health),
of the authority's own audits and self-assessment, and of events that give no grade.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg import dates, privacy
from kg.extract.context import Context
from kg.extract.events.labels import service_label
from kg.extract.retold.prose import Told, prose
from kg.extract.retold.subjects import OWN, service_of
from kg.extract.retold.tables import tables
from kg.extract.retold.ungraded import ungraded
from kg.kinds import frameworks
from kg.model import Claim, Document, EventClaim, JudgementClaim, OrganisationClaim

EXTRACTOR = "retold@3"


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Judgements, and the events of those that are told of here alone.

    A grade that a table gives is not repeated where the same document's prose tells it again.
    """
    told: list[JudgementClaim] = []
    for claim in _claims(document, context):
        if isinstance(claim, JudgementClaim):
            if not _on_scale(claim) or any(_same(claim, other) for other in told):
                continue
            told.append(claim)
        yield claim


def _claims(document: Document, context: Context) -> Iterator[Claim]:
    yield from tables(document)
    yield from ungraded(document, context)
    seen = {_when(claim) for claim in context.of(EventClaim)}
    known = tuple(claim.printed for claim in context.of(OrganisationClaim))
    for told in prose(document, context):
        judgement = _judgement(told, known)
        yield judgement
        event = _event(judgement)
        apart = told.framework != OWN and not told.by_report
        if apart and _when(event) not in seen:
            seen.add(_when(event))
            yield event


def _on_scale(claim: JudgementClaim) -> bool:
    """Whether the framework gives the grade: a date misread or misprinted leads to another's."""
    known = frameworks().of(claim.framework)
    return known is None or known.gives(claim.grade)


def _when(claim: EventClaim) -> tuple[str, str | None, str | None, str]:
    return claim.event.kind, claim.event.authority, claim.event.date, claim.service


def _same(one: JudgementClaim, other: JudgementClaim) -> bool:
    """Whether two claims tell the same grade of the same domain at one inspection."""
    if (one.domain, one.grade, one.event.authority) != (
        other.domain,
        other.grade,
        other.event.authority,
    ):
        return False
    days = one.event.date, other.event.date
    return days[0] == days[1] or bool(days[0] and days[1] and dates.compatible(days[0], days[1]))


def _judgement(told: Told, known: tuple[str, ...]) -> JudgementClaim:
    own = told.framework == OWN
    return JudgementClaim(
        start=told.start,
        end=told.end,
        extractor=EXTRACTOR,
        confidence=0.7,
        event=told.event,
        framework=told.framework,
        domain=told.domain,
        grade=told.grade,
        printed=told.printed,
        subject=privacy.without_names(told.subject, known),
        assertor="self-assessment" if own else "inspector",
        service="" if own else told.domain if service_of(told.domain) else "",
    )


def _event(claim: JudgementClaim) -> EventClaim:
    """The inspection at which a grade was given, mentioned where the grade is told."""
    return EventClaim(
        start=claim.start,
        end=claim.end,
        extractor=EXTRACTOR,
        confidence=0.7,
        event=claim.event,
        label=service_label(claim.service) if claim.service else "Inspection",
        service=claim.service,
    )
