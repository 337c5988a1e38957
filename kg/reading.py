"""One file to one record: read, identified, split, extracted, and every span checked."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from kg.cache import Refusal
from kg.errors import EmptyDocument, EncryptedDocument, InvalidClaim, UnsupportedFormat
from kg.extract import Context, extract
from kg.files import SourceFile
from kg.model import Claim, Document, Record
from kg.quads.ids import claim_kind
from kg.tools import Tools

# Refusals that lie in the bytes. Others, a time limit say, may end otherwise next time.
_LASTING = (UnsupportedFormat, EncryptedDocument, EmptyDocument)


def entry_of(tools: Tools, source: SourceFile, sha256: str) -> Record | Refusal:
    """What the cache keeps of a file: its record, or why its bytes cannot be read.

    :raises UnreadableDocument: when it cannot be read now, but perhaps another time.
    :raises InvalidClaim: when an extractor is wrong.
    """
    try:
        return record_of(tools, replace(tools.read(source.path, source.file), sha256=sha256))
    except _LASTING as error:
        return Refusal(type(error).__name__, error.what, error.why, error.cure)


def record_of(tools: Tools, document: Document) -> Record:
    """The record of a document that was read: identified, split and extracted."""
    identity = tools.identify(document)
    document = replace(document, identity=identity, id=tools.slug(document, identity))
    context = Context(tools.sentences(document), tools.embedder)
    claims = extract(document, context, tools.extractors)
    _check_spans(document, claims)
    return Record(document, tools.passages(document), claims)


def _check_spans(document: Document, claims: Iterable[Claim]) -> None:
    """Every claim must bound words of the document: an extractor that does not is wrong."""
    for claim in claims:
        inside = 0 <= claim.start < claim.end <= len(document.text)
        if not inside or not document.quote(claim.start, claim.end).strip():
            kind = claim_kind(claim)
            raise InvalidClaim(
                f"{claim.extractor} read a claim ({kind}) in {document.id} without words.",
                why=f"Its span is {claim.start} to {claim.end} of {len(document.text)} characters.",
                cure="This is a defect of the extractor; please report it.",
            )
