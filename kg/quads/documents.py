"""The document itself: what it is, the details it prints of itself, its passages."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.model import EventClaim, Passage, Stated
from kg.quads.scope import Pair, Scope, dated, quads, text
from ontology.iris import concept, digest
from ontology.terms import LABEL, TYPE, fg, term

_DETAILS = ("title", "date", "publisher", "authority", "addressee_post", "signatory_post")
IDENTIFIER = "identity@1"


def document_quads(scope: Scope) -> Iterator[Quad]:
    """The document, its details, its passages, and the extractors that read it."""
    yield from quads(scope.iri, _description(scope), scope.graph)
    for name in _DETAILS:
        stated = getattr(scope.document.identity, name)
        if stated:
            yield from _detail(scope, name, stated)
    for passage in scope.record.passages:
        yield from _passage(scope, passage)
    for name in sorted({IDENTIFIER, *(claim.extractor for claim in scope.record.claims)}):
        pairs: list[Pair] = [(LABEL, Literal(name))]
        yield from scope.write(scope.extractor(name), pairs, "prov", "SoftwareAgent")


def _description(scope: Scope) -> Iterator[Pair]:
    document, identity = scope.document, scope.document.identity
    yield TYPE, fg("Document")
    title = Literal(identity.title.value if identity.title else document.file)
    yield from ((LABEL, title), (term("dcterms", "title"), title))
    yield fg("documentKind"), concept("document-kind", identity.kind)
    yield term("dcterms", "format"), Literal(document.media_type)
    yield from ((fg("file"), Literal(document.file)), (fg("sha256"), Literal(document.sha256)))
    yield from dated(term("dcterms", "date"), identity.date.value if identity.date else None)
    yield fg("dateBasis"), text(identity.date_basis)
    publisher = identity.publisher.value if identity.publisher else None
    yield term("dcterms", "publisher"), scope.body(publisher)
    if identity.authority:
        yield fg("authority"), scope.minter.thing("organisation", identity.authority.value)
    for name, stated in (
        (fg("addresseePost"), identity.addressee_post),
        (fg("signatoryPost"), identity.signatory_post),
    ):
        yield name, text(stated.value if stated else None)
    own = [c for c in scope.record.claims if isinstance(c, EventClaim) and c.own]
    yield from ((fg("reports"), scope.mention(claim)) for claim in own)


def _detail(scope: Scope, name: str, stated: Stated) -> Iterator[Quad]:
    key = digest(name, stated.value, str(stated.start), str(stated.end))
    pairs: list[Pair] = [
        (TYPE, fg("DocumentDetail")),
        (TYPE, fg("Claim")),
        *scope.place(stated.start, stated.end),
        (term("prov", "wasAttributedTo"), scope.extractor(IDENTIFIER)),
        (fg("basis"), concept("basis", stated.basis)),
        (fg("confidence"), Literal("1.0", datatype=term("xsd", "decimal"))),
        (fg("detail"), Literal(name.replace("_", "-"))),
        (fg("value"), Literal(stated.value)),
    ]
    subject = scope.minter.thing("detail", f"{scope.document.id}/{key}")
    yield from quads(subject, pairs, scope.graph)
    yield from scope.span_quads(stated.start, stated.end)


def _passage(scope: Scope, passage: Passage) -> Iterator[Quad]:
    subject = scope.minter.thing("passage", passage.id)
    pairs: list[Pair] = [
        (term("dcterms", "isPartOf"), scope.iri),
        (TYPE, term("oa", "TextPositionSelector")),
        (term("oa", "start"), Literal(passage.start)),
        (term("oa", "end"), Literal(passage.end)),
        (fg("page"), Literal(passage.page) if passage.page else None),
        (fg("headingPath"), text(" › ".join(passage.headings))),
    ]
    return scope.write(subject, pairs, "fg", "Passage")
