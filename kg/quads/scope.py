"""One document while its quads are made: its graph, its passages, ids, and entities."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from kg.edtf import earliest, latest, literal
from kg.model import Claim, EventClaim, EventRef, FindingClaim, JudgementClaim, Record
from kg.quads.ids import claim_id
from kg.resolve.keys import body_key, event_key, judged_key, mention_key, post_key
from kg.resolve.meant import Meant
from ontology.iris import Minter, concept
from ontology.terms import TYPE, Prefix, Term, fg, term

Object = NamedNode | Literal
Pair = tuple[NamedNode, Object | None]

_DECIMAL = term("xsd", "decimal")


def number(value: str) -> Literal:
    """A decimal where the text is a number (``3,870`` too), else the text."""
    try:
        plain = Decimal(value.replace(",", "").strip())
    except InvalidOperation:
        return Literal(value)
    return Literal(f"{plain:f}", datatype=_DECIMAL) if plain.is_finite() else Literal(value)


def text(value: str | None) -> Literal | None:
    """A string, or nothing for an empty one."""
    return Literal(value) if value else None


def dated(predicate: NamedNode, edtf: str | None) -> Iterator[Pair]:
    """A date in the precision of its source, beside its first and last day."""
    if not edtf:
        return
    yield predicate, literal(edtf)
    yield from _bounds(edtf)
    if "/" in edtf:
        for name, end in zip(("startDate", "endDate"), edtf.split("/"), strict=True):
            yield term("schema", name), literal(end) if end else None


def _bounds(edtf: str) -> Iterator[Pair]:
    for name, day in ((fg("earliest"), earliest(edtf)), (fg("latest"), latest(edtf))):
        yield name, literal(day) if day else None


def quads(subject: NamedNode, pairs: Iterable[Pair], graph: NamedNode) -> Iterator[Quad]:
    """A quad for each pair that has an object."""
    return (Quad(subject, predicate, obj, graph) for predicate, obj in pairs if obj is not None)


class Scope:
    """Knows where in its document a claim stands and which entities its words mean.

    ``mask`` takes names out of quotations where a graph is to hold none.
    """

    def __init__(
        self,
        record: Record,
        meant: Meant,
        minter: Minter,
        mask: Callable[[str], str] | None = None,
    ) -> None:
        self._mask = mask or str
        self.record, self.meant, self.minter = record, meant, minter
        self.document = record.document
        self.graph = minter.document_graph(record.document.id)
        self.iri = minter.thing("document", record.document.id)
        self._passages = sorted(record.passages, key=lambda passage: passage.start)
        self._starts = [passage.start for passage in self._passages]

    def thing(self, ident: str) -> NamedNode:
        """The IRI of an id that names its kind: ``post/kelland/director``."""
        return self.minter.thing(*ident.split("/", 1))

    def claim(self, claim: Claim) -> NamedNode:
        """The IRI of one of the document's claims."""
        return self.thing(claim_id(self.document.id, claim))

    def claim_at(self, index: int | None) -> NamedNode | None:
        """The IRI of the claim at a place in the record's list."""
        return None if index is None else self.claim(self.record.claims[index])

    def finding_at(self, start: int | None) -> NamedNode | None:
        """The IRI of the finding whose words begin at an offset of the stored text."""
        claim = None if start is None else self._findings.get(start)
        return None if claim is None else self.claim(claim)

    @cached_property
    def _findings(self) -> dict[int, FindingClaim]:
        """The first finding that begins at each place."""
        claims = reversed(self.record.claims)
        return {claim.start: claim for claim in claims if isinstance(claim, FindingClaim)}

    def event(self, ref: EventRef | None) -> NamedNode | None:
        """The event that a reference means."""
        if ref is None:
            return None
        return self.thing(self.meant.events[event_key(ref, self.document)])

    def judged(self, claim: JudgementClaim) -> NamedNode:
        """The event at which a grade was given."""
        return self.thing(self.meant.events[judged_key(claim, self.document)])

    def mention(self, claim: EventClaim) -> NamedNode:
        """The event that is reported or mentioned."""
        return self.thing(self.meant.events[mention_key(claim, self.document)])

    def body(self, name: str | None) -> NamedNode | None:
        """The body that a name means."""
        if not name:
            return None
        return self.thing(self.meant.bodies[body_key(name, self.document)])

    def post(self, post: str, organisation: str | None) -> NamedNode:
        """The post that a label means."""
        return self.thing(self.meant.posts[post_key(post, organisation, self.document)])

    def passage_at(self, start: int, end: int) -> NamedNode:
        """The first passage that a span touches; the document where none does (a title page)."""
        place = bisect_right(self._starts, start) - 1
        for passage in self._passages[max(place, 0) : place + 2]:
            if passage.start < end and start < passage.end:
                return self.minter.thing("passage", passage.id)
        return self.iri

    def span(self, start: int, end: int) -> NamedNode:
        """The IRI of a span of the stored text."""
        return self.minter.thing("span", f"{self.document.id}/{start}-{end}")

    def span_quads(self, start: int, end: int, graph: NamedNode | None = None) -> Iterator[Quad]:
        """The selector of a span: its offsets and the words between them."""
        pairs: list[Pair] = [
            (TYPE, term("oa", "TextPositionSelector")),
            (TYPE, term("oa", "TextQuoteSelector")),
            (term("oa", "start"), Literal(start)),
            (term("oa", "end"), Literal(end)),
            (term("oa", "exact"), Literal(self._mask(self.document.quote(start, end)))),
        ]
        return quads(self.span(start, end), pairs, graph or self.graph)

    def place(self, start: int, end: int) -> list[Pair]:
        """Where something is said: document, passage, span."""
        return [
            (fg("inDocument"), self.iri),
            (term("prov", "wasDerivedFrom"), self.passage_at(start, end)),
            (term("oa", "hasSelector"), self.span(start, end)),
        ]

    def said(self, claim: Claim, kind: Term, pairs: Iterable[Pair]) -> Iterator[Quad]:
        """A claim: its class, its place, who read it how surely, and what it says."""
        common: list[Pair] = [
            (TYPE, fg(kind)),
            (TYPE, fg("Claim")),
            *self.place(claim.start, claim.end),
            (term("prov", "wasAttributedTo"), self.extractor(claim.extractor)),
            (fg("confidence"), number(f"{claim.confidence:.3f}")),
            (fg("basis"), concept("basis", claim.basis)),
        ]
        yield from quads(self.claim(claim), [*common, *pairs], self.graph)
        yield from self.span_quads(claim.start, claim.end)

    def extractor(self, name: str) -> NamedNode:
        """The extractor and its version: ``judgements@2`` is ``id/extractor/judgements/2``."""
        return self.minter.thing("extractor", name.replace("@", "/"))

    def write(
        self, subject: NamedNode, pairs: Iterable[Pair], prefix: Prefix, kind: str
    ) -> Iterator[Quad]:
        """Something in the document's graph that is no claim."""
        return quads(subject, [(TYPE, term(prefix, kind)), *pairs], self.graph)
