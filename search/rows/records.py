"""How records become rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.model import Document, FindingClaim, Passage, Record, Sentence
from kg.quads.ids import claim_id
from kg.sentences import sentences
from search.rows.model import DocumentRow, FindingRow, Row
from search.words import plain


def of_record(record: Record) -> tuple[DocumentRow, tuple[Row, ...]]:
    """One document's row and those of its passages, as if it were the only one."""
    return _document_row(record.document), tuple(_passage_rows(record, 0))


def _document_row(document: Document) -> DocumentRow:
    what = document.identity

    def value(name: str) -> str | None:
        stated = getattr(what, name)
        return None if stated is None else plain(stated.value)

    return DocumentRow(
        id=document.id,
        title=value("title") or document.file,
        file=document.file,
        kind=what.kind,
        date=value("date"),
        publisher=value("publisher"),
        authority=value("authority"),
    )


def _passage_rows(record: Record, number: int) -> Iterable[Row]:
    split = sentences(record.document)
    findings = [claim for claim in record.claims if isinstance(claim, FindingClaim)]
    for passage in record.passages:
        inside = [f for f in findings if passage.start <= f.start < passage.end]
        yield Row(
            id=passage.id,
            document=number,
            start=passage.start,
            end=passage.end,
            page=passage.page,
            headings=passage.headings,
            kind=passage.kind,
            text=record.document.quote(passage.start, passage.end),
            sentences=_within(passage, split),
            findings=tuple(_finding_row(record.document.id, claim) for claim in inside),
        )


def _finding_row(document: str, claim: FindingClaim) -> FindingRow:
    return FindingRow(
        id=claim_id(document, claim),
        start=claim.start,
        end=claim.end,
        polarity=claim.polarity,
        themes=claim.themes,
        assertor=claim.assertor,
    )


def _within(passage: Passage, split: Sequence[Sentence]) -> tuple[tuple[int, int], ...]:
    """The parts of sentences that lie in a passage; the passage itself when there are none."""
    places = [
        (max(s.start, passage.start) - passage.start, min(s.end, passage.end) - passage.start)
        for s in split
        if s.start < passage.end and s.end > passage.start
    ]
    return tuple(places) or ((0, passage.end - passage.start),)
