"""What the references of one document mean: all that its graph needs of the other documents.

It is small and can be sent to another process, so that graphs of many documents are made at once.
"""

from __future__ import annotations

import msgspec

from kg.model import Record
from kg.quads.ids import claim_id, claim_kind
from kg.resolve.entities import Side
from kg.resolve.keys import BodyKey, EventKey, PostKey
from kg.resolve.meant import Meant
from kg.resolve.references import body_keys, event_keys, post_keys


class Links(msgspec.Struct, frozen=True):
    """All references of a document to entities that it may share with others."""

    events: tuple[EventKey, ...]
    bodies: tuple[BodyKey, ...]
    posts: tuple[PostKey, ...]
    tenures: tuple[str, ...]


class Meaning(msgspec.Struct, frozen=True):
    """The ids of the entities that :class:`Links` mean, in their order, and the sides of
    disagreements that the document gives; ``authority`` is whether its authority is a body."""

    events: tuple[str, ...]
    bodies: tuple[str, ...]
    posts: tuple[str, ...]
    tenures: tuple[str, ...]
    sides: tuple[Side, ...]
    authority: bool


def links_of(record: Record) -> Links:
    """The references of a record, each once."""
    return Links(
        tuple(dict.fromkeys(event_keys(record))),
        tuple(dict.fromkeys(body_keys(record))),
        tuple(dict.fromkeys(post_keys(record))),
        tuple(
            claim_id(record.document.id, claim)
            for claim in record.claims
            if claim_kind(claim) == "tenure"
        ),
    )


def meant(record: Record, meaning: Meaning) -> Meant:
    """What each reference of a record means."""
    links = links_of(record)
    return Meant(
        dict(zip(links.events, meaning.events, strict=True)),
        dict(zip(links.bodies, meaning.bodies, strict=True)),
        dict(zip(links.posts, meaning.posts, strict=True)),
        dict(zip(links.tenures, meaning.tenures, strict=True)),
        meaning.sides,
    )
