"""Every reference that a document makes to events, bodies and posts, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import (
    ChangeClaim,
    CommitmentClaim,
    EventClaim,
    EventRef,
    FindingClaim,
    JudgementClaim,
    OrganisationClaim,
    PostClaim,
    Record,
    RelationClaim,
    RepeatClaim,
    ScopeClaim,
    TenureClaim,
)
from kg.resolve.keys import (
    BodyKey,
    EventKey,
    PostKey,
    body_key,
    event_key,
    judged_key,
    mention_key,
    post_key,
)


def event_refs(record: Record) -> Iterator[EventRef]:
    """The references to events in all claims of a document but mentions and judgements."""
    for claim in record.claims:
        match claim:
            case ScopeClaim():
                yield claim.event
            case FindingClaim():
                yield claim.event
                yield from (ref for ref in (claim.retells, claim.direction_since) if ref)
            case RepeatClaim():
                yield from (claim.event, claim.earlier)
            case CommitmentClaim() if claim.source_event:
                yield claim.source_event
            case ChangeClaim():
                yield from (ref for ref in (claim.instrument, claim.by) if ref)


def event_keys(record: Record) -> Iterator[EventKey]:
    """The keys of all events to which a document refers."""
    yield from (event_key(ref, record.document) for ref in event_refs(record))
    for claim in record.claims:
        if isinstance(claim, JudgementClaim):
            yield judged_key(claim, record.document)
    yield from (mention_key(claim, record.document) for claim in mentions(record))


def mentions(record: Record) -> Iterator[EventClaim]:
    """The events that a document reports or mentions."""
    return (claim for claim in record.claims if isinstance(claim, EventClaim))


def body_names(record: Record) -> Iterator[str]:
    """The names of all bodies to which a document refers."""
    if record.document.identity.publisher:
        yield record.document.identity.publisher.value
    for key in event_keys(record):
        if key.ref.body:
            yield key.ref.body
    for claim in record.claims:
        match claim:
            case OrganisationClaim():
                yield from (name for name in (claim.name, claim.part_of) if name)
            case PostClaim() | TenureClaim() if claim.organisation:
                yield claim.organisation
            case RelationClaim():
                yield from (claim.subject, claim.object)


def body_keys(record: Record) -> Iterator[BodyKey]:
    """The keys of all bodies to which a document refers."""
    return (body_key(name, record.document) for name in body_names(record))


def post_keys(record: Record) -> Iterator[PostKey]:
    """The keys of all posts to which a document refers."""
    for claim in record.claims:
        if isinstance(claim, PostClaim | TenureClaim):
            yield post_key(claim.post, claim.organisation, record.document)
