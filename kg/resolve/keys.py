"""What a claim's words are looked up by: its own words, completed from its document."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from kg.model import Document, EventClaim, EventRef, JudgementClaim
from ontology.families import is_labelled
from ontology.iris import slugify


class EventKey(NamedTuple):
    """An event as one document refers to it; without a date it is that document's alone.

    ``label`` tells apart events of kinds that can happen several times on one day; it is
    empty where the words do not say which. ``service`` is what is inspected on its own.
    """

    ref: EventRef
    document: str | None = None
    label: str = ""
    service: str = ""


class BodyKey(NamedTuple):
    """A body by the name that is used and the authority in whose documents it is used."""

    name: str
    authority: str | None = None


class PostKey(NamedTuple):
    """A post by its canonical label, the body it is said to stand in, and the authority."""

    post: str
    organisation: str | None = None
    authority: str | None = None


def authority_of(document: Document) -> str | None:
    """The slug of the authority that a document is about."""
    return document.identity.authority.value if document.identity.authority else None


def event_key(ref: EventRef, document: Document, label: str = "", service: str = "") -> EventKey:
    """The reference with the document's authority where it names none."""
    ref = ref if ref.authority else replace(ref, authority=authority_of(document))
    return EventKey(ref, None if ref.date else document.id, label, service)


def judged_key(claim: JudgementClaim, document: Document) -> EventKey:
    """The key of the event at which a grade was given."""
    return event_key(claim.event, document, service=claim.service)


def mention_key(claim: EventClaim, document: Document) -> EventKey:
    """The key of an event that is reported or mentioned, with its label where that tells.

    Without a date the label is all that tells one event of a kind from another.
    """
    tells = not claim.service and (is_labelled(claim.event.kind) or not claim.event.date)
    label = slugify(claim.label) if tells else ""
    return event_key(claim.event, document, label, claim.service)


def body_key(name: str, document: Document) -> BodyKey:
    """A body named in a document."""
    return BodyKey(name, authority_of(document))


def post_key(post: str, organisation: str | None, document: Document) -> PostKey:
    """A post named in a document."""
    return PostKey(post, organisation, authority_of(document))
