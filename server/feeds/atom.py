"""Entries as an Atom document (RFC 4287).

>>> atom(Feed("urn:x", "Changes", "http://x/", "http://x/a"), [])[:38]
b"<?xml version='1.0' encoding='UTF-8'?>"
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from feedgen.feed import FeedGenerator

MEDIA_TYPE = "application/atom+xml"
NEVER = "1970-01-01T00:00:00+00:00"
"""When a feed without entries was changed."""


class Entry(msgspec.Struct, frozen=True):
    """One thing that changed: an IRI that never changes, where it is told, and the HTML of what
    is told. ``updated`` is an ISO time in UTC."""

    id: str
    title: str
    href: str
    updated: str
    html: str


class Feed(msgspec.Struct, frozen=True):
    """The feed itself: its IRI, the page that shows the same, and its own address."""

    id: str
    title: str
    page: str
    address: str


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed's XML; the same entries give the same bytes."""
    made = FeedGenerator()
    made.id(feed.id)
    made.title(feed.title)
    made.author({"name": "Findings Graph"})
    made.link(href=feed.page, rel="alternate", type="text/html")
    made.link(href=feed.address, rel="self", type=MEDIA_TYPE)
    made.updated(max((entry.updated for entry in entries), default=NEVER))
    made.language("en-GB")
    for entry in entries:
        one = made.add_entry(order="append")
        one.id(entry.id)
        one.title(entry.title)
        one.link(href=entry.href, rel="alternate", type="text/html")
        one.updated(entry.updated)
        one.content(entry.html, type="html")
    xml: bytes = made.atom_str(pretty=True)
    return xml
