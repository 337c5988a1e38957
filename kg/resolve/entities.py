"""The things that claims of several documents are about, after resolution.

``id`` is the part of the IRI after ``{base}id/``: ```.
Entities are made of what they are (authority, kind, date, post), so the same documents give
the same ids whatever was built before.
"""

from __future__ import annotations

import msgspec

from kg.corrections import Correction
from kg.model import Mode


class Event(msgspec.Struct, frozen=True):
    """An event across documents; ``reported_in`` are the documents whose own event it is."""

    id: str
    kind: str
    label: str
    authority: str | None = None
    date: str | None = None
    body: str | None = None
    framework: str | None = None
    published: str | None = None
    reported_in: tuple[str, ...] = ()


class Organisation(msgspec.Struct, frozen=True):
    """A body; ``authority`` is the slug of the local authority it belongs to, when known."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    type: str | None = None
    part_of: str | None = None
    authority: str | None = None


class Post(msgspec.Struct, frozen=True):
    """A public post; ``organisation`` is the id of the body it stands in."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    organisation: str | None = None


class Tenure(msgspec.Struct, frozen=True):
    """A post held over an interval; ``post``, ``predecessor``, ``successor`` are ids."""

    id: str
    post: str
    holder: str = ""
    since: str | None = None
    until: str | None = None
    mode: Mode = "unknown"
    predecessor: str | None = None
    successor: str | None = None


class Decision(msgspec.Struct, frozen=True):
    """What a person decided about an issue, and the findings that it named, by id."""

    correction: Correction
    findings: tuple[str, ...]


class Issue(msgspec.Struct, frozen=True):
    """A recurring issue; ``occurrences`` and ``explicit`` are ids of claims, in order of date.

    ``problem`` is the id of the known problem that it is, if any, ``strength`` the number of
    events weighed by how sure its findings are; ``explanation`` says why they were joined,
    and ``corrections`` what people decided.
    """

    id: str
    label: str
    themes: tuple[str, ...]
    status: str
    occurrences: tuple[str, ...]
    problem: str | None = None
    explicit: tuple[str, ...] = ()
    authority: str | None = None
    first: str | None = None
    last: str | None = None
    strength: float = 0.0
    explanation: str = ""
    corrections: tuple[Decision, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One of the two answers of a disagreement: what a document says, and in which words."""

    document: str
    start: int
    end: int
    value: str


class Disagreement(msgspec.Struct, frozen=True):
    """One question to which documents give two answers; neither is taken for the right one."""

    id: str
    kind: str
    question: str
    sides: tuple[Side, Side]
    explanation: str
    authority: str | None = None
