"""The records that travel from a file to the graph.

    file ──read──▶ Document ──split──▶ Passage, Sentence
                   Document ──extract─▶ Claim … ──resolve─▶ entities ──build─▶ quads

All offsets count characters (Unicode code points) in ``Document.text``, the stored
text: the one that is shown to users, printed by ``findings text`` and quoted by every
claim. ``text[start:end]`` of a claim is its quotation.

Dates are strings in the profile of EDTF level 0 that sources need: ``2019``,
``2019-07``, ``2019-07-04`` or an interval ``2018-09-17/2018-09-28`` with either side
empty when the source leaves it open; see :mod:`kg.dates`.

Records are :mod:`msgspec` structs: immutable, typed, and written as JSON without code
of ours, so a document read once is not read again while its bytes and the pipeline
stay the same.
"""

from __future__ import annotations

from typing import Literal

import msgspec

BlockKind = Literal["title", "heading", "paragraph", "bullet", "numbered", "table", "footnote"]

DocumentKind = Literal[
    "inspection",
    "re-inspection",
    "focused-visit",
    "monitoring-visit-letter",
    "commissioners-report",
    "statutory-direction",
    "statutory-notice",
    "committee-minutes",
    "other",
]

Polarity = Literal["strength", "weakness", "mixed", "progress"]
Direction = Literal["improved", "declined", "sustained", "unchanged", "too-early"]
Mode = Literal["permanent", "interim", "acting", "seconded", "covering", "unknown"]
Basis = Literal["stated", "inferred"]
Change = Literal["revoked", "superseded", "varied", "continued", "fulfilled", "outstanding"]
AssertorKind = Literal[
    "inspector",
    "self-assessment",
    "commissioner",
    "secretary-of-state",
    "officer",
    "member",
    "partner",
    "staff",
    "quoted-document",
    "unknown",
]


class Cell(msgspec.Struct, frozen=True):
    """One table cell: its place in the stored text (``start == end`` when blank)."""

    start: int
    end: int


class Block(msgspec.Struct, frozen=True):
    """One piece of a document's structure.

    ``start``/``end`` hold the words alone; a printed mark (``•``, ``19.``, ``a)``) stands
    before ``start`` in the stored text and is repeated in ``mark``. ``level`` is the depth
    of a heading (from 1) or the nesting of a bullet, clause or answer (from 1).
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 1
    mark: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()


class Stated(msgspec.Struct, frozen=True):
    """A value read from a document with the words that say it.

    ``basis`` is ``inferred`` when the span supports the value without stating it.
    """

    value: str
    start: int
    end: int
    basis: Basis = "stated"


class Identity(msgspec.Struct, frozen=True):
    """What a document is, from its content alone. What is not said is None.

    ``authority`` is the slug of the gazetteer (``bradford``); ``date`` is the day the
    document was published, signed or, for minutes, the meeting held; where none is
    printed it is the last day of the event it reports, and ``date_basis`` says which.
    """

    kind: DocumentKind = "other"
    title: Stated | None = None
    date: Stated | None = None
    date_basis: Literal["published", "signed", "meeting", "event", ""] = ""
    publisher: Stated | None = None
    authority: Stated | None = None
    addressee_post: Stated | None = None
    addressee_name: Stated | None = None
    signatory_post: Stated | None = None
    signatory_name: Stated | None = None


class Document(msgspec.Struct, frozen=True):
    """A document as read: stored text, structure, and what it is.

    ``id`` is a readable slug that ends in eight digits of the file's SHA-256
    (``bradford/2019-07-04-monitoring-visit-letter-1a2b3c4d``); it depends on nothing but
    the file. ``file`` is its path below the folder that was built. ``pages`` holds the
    offset at which each page starts, and is empty for formats without pages.
    """

    id: str
    file: str
    sha256: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()
    identity: Identity = Identity()

    def quote(self, start: int, end: int) -> str:
        """The stored text between two offsets."""
        return self.text[start:end]

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) on which an offset stands, or None without pages."""
        from bisect import bisect_right

        return bisect_right(self.pages, offset) or None if self.pages else None


class Passage(msgspec.Struct, frozen=True):
    """What is searched, quoted and cited: neighbouring blocks under one heading.

    ``id`` is the document's id, a slash, and twelve digits that depend on the words
    alone, so it survives a rebuild. ``headings`` is the path of headings above it.
    """

    id: str
    document: str
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    kind: BlockKind


class Sentence(msgspec.Struct, frozen=True):
    """One sentence, or one bullet that is not a sentence, and the block it stands in."""

    start: int
    end: int
    block: int


class EventRef(msgspec.Struct, frozen=True):
    """The event a claim is about, as far as its words tell.

    Resolution turns it into one node across documents. ``kind`` is a concept of the
    scheme of event kinds (``monitoring-visit``, ``inspection``, ``direction`` …),
    ``authority`` a gazetteer slug.
    """

    kind: str
    authority: str | None = None
    date: str | None = None
    body: str | None = None


class _Claim(msgspec.Struct, frozen=True, kw_only=True, tag_field="claim"):
    """What all claims carry: the span that says it, who read it there, how surely."""

    start: int
    end: int
    extractor: str
    confidence: float = 1.0
    basis: Basis = "stated"


class EventClaim(_Claim, frozen=True, kw_only=True, tag="event"):
    """An event is reported (``own``) or mentioned.

    ``framework``, ``published``, ``lead`` and ``lead_post`` are of inspections: the
    framework's concept, the printed publication date, the printed name and post of the
    lead inspector. ``ordinal`` is the printed count ("the fourth monitoring visit").
    ``service`` is the domain of a service that is inspected on its own (``childrens_homes``).
    """

    event: EventRef
    label: str
    own: bool = False
    framework: str | None = None
    published: Stated | None = None
    lead: Stated | None = None
    lead_post: Stated | None = None
    ordinal: int | None = None
    service: str = ""


class JudgementClaim(_Claim, frozen=True, kw_only=True, tag="judgement"):
    """One grade for one domain at one event. ``grade`` is a concept id of the framework.

    It is None where the document says that the event gave none. ``service`` is the domain of
    a service that is inspected on its own, ``subject`` the printed words for what was graded
    where they say more than the domain.
    """

    event: EventRef
    framework: str
    domain: str
    grade: str | None
    printed: str
    subject: str = ""
    assertor: AssertorKind = "inspector"
    service: str = ""


class PostClaim(_Claim, frozen=True, kw_only=True, tag="post"):
    """A public post is named. ``post`` is the canonical label, ``printed`` the alias used."""

    post: str
    printed: str
    organisation: str | None = None


class TenureClaim(_Claim, frozen=True, kw_only=True, tag="tenure"):
    """Somebody held, took up, left or covered a post. ``name`` goes to the names graph only."""

    post: str
    organisation: str | None = None
    holder: str = ""
    name: Stated | None = None
    since: str | None = None
    until: str | None = None
    on: str | None = None
    mode: Mode = "unknown"
    predecessor: str | None = None
    successor: str | None = None
    explanation: str = ""


class OrganisationClaim(_Claim, frozen=True, kw_only=True, tag="organisation"):
    """A body is named. ``type`` is a concept of the scheme of body types."""

    name: str
    printed: str
    type: str
    part_of: str | None = None
    authority: str | None = None


class RelationClaim(_Claim, frozen=True, kw_only=True, tag="relation"):
    """Two bodies or posts stand in a relation: works-with, member-of, chairs, part-of …"""

    subject: str
    relation: str
    object: str
    topic: str = ""


class FindingClaim(_Claim, frozen=True, kw_only=True, tag="finding"):
    """A statement by whoever evaluates about how a service, practice or outcome is.

    ``themes`` has the main one first. ``listed`` marks an item of an improvement list.
    ``restates`` is the offset at which the earlier finding begins that this one says again.
    """

    event: EventRef
    polarity: Polarity
    themes: tuple[str, ...]
    assertor: AssertorKind
    retells: EventRef | None = None
    about: str = ""
    direction: Direction | None = None
    direction_since: EventRef | None = None
    listed: bool = False
    restates: int | None = None


class ScopeClaim(_Claim, frozen=True, kw_only=True, tag="scope"):
    """What an event says it looked at, as themes."""

    event: EventRef
    themes: tuple[str, ...]


class RepeatClaim(_Claim, frozen=True, kw_only=True, tag="repeat"):
    """The document itself says that something was raised before, and when."""

    event: EventRef
    earlier: EventRef
    relation: Literal["raised-before", "not-addressed", "same-as", "continues"]
    about_start: int
    about_end: int


class CommitmentClaim(_Claim, frozen=True, kw_only=True, tag="commitment"):
    """Something to be done. ``kind`` is a concept: recommendation, area-for-improvement,
    requirement, duty, resolution, action, undertaking, option, benefit, risk.

    ``part_of`` is the place, among the claims of the record, of the option it belongs to.
    """

    kind: str
    of_whom: str | None = None
    due: str | None = None
    clause: str = ""
    source_event: EventRef | None = None
    scope: str = ""
    part_of: int | None = None


class ChangeClaim(_Claim, frozen=True, kw_only=True, tag="change"):
    """A commitment is said to be revoked, replaced, varied, carried over, done or still open.

    ``instrument`` is what held it (a direction), ``clause`` the clause cited, ``by`` the event
    that makes or reports the change, ``what`` the printed words for what was changed.
    """

    change: Change
    instrument: EventRef | None = None
    clause: str = ""
    by: EventRef | None = None
    done: str | None = None
    what: str = ""


class FigureClaim(_Claim, frozen=True, kw_only=True, tag="figure"):
    """One number: what is measured, of whom, when. ``table`` names the table it stands in."""

    measure: str
    value: str
    unit: str = ""
    date: str | None = None
    about: str = ""
    table: str = ""
    definition: str = ""


class DisagreementClaim(_Claim, frozen=True, kw_only=True, tag="disagreement"):
    """Two answers to one question inside one document (arithmetic included)."""

    question: str
    kind: str
    value: str
    other_start: int
    other_end: int
    other_value: str
    explanation: str = ""


Claim = (
    EventClaim
    | JudgementClaim
    | PostClaim
    | TenureClaim
    | OrganisationClaim
    | RelationClaim
    | FindingClaim
    | ScopeClaim
    | RepeatClaim
    | CommitmentClaim
    | ChangeClaim
    | FigureClaim
    | DisagreementClaim
)
"""Anything that a document says, ready to be resolved and written as quads."""


class Record(msgspec.Struct, frozen=True):
    """All that one file yields; cached by the file's bytes and the pipeline's version."""

    document: Document
    passages: tuple[Passage, ...]
    claims: tuple[Claim, ...]
