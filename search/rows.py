"""What the index knows of each passage, and how records become rows.

One row a passage, in the order of the vectors and of the term index. A row holds all
that a result shows, so that search needs no other part of a generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from kg.errors import GenerationError
from kg.model import Document, FindingClaim, Passage, Record, Sentence
from kg.quads.ids import claim_id
from kg.sentences import sentences
from search.words import plain


class DocumentRow(msgspec.Struct, frozen=True):
    """A document as a result names it. What is unknown is None."""

    id: str
    title: str
    file: str
    kind: str
    date: str | None = None
    publisher: str | None = None
    authority: str | None = None


class FindingRow(msgspec.Struct, frozen=True):
    """A finding in a passage. ``id`` is the part of its IRI after ``{base}id/``."""

    id: str
    start: int
    end: int
    polarity: str
    themes: tuple[str, ...]
    assertor: str


class Row(msgspec.Struct, frozen=True):
    """A passage. ``sentences`` are offsets inside ``text``, all others in the stored text."""

    id: str
    document: int
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    kind: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    findings: tuple[FindingRow, ...] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of its findings."""
        return _distinct(theme for finding in self.findings for theme in finding.themes)

    @property
    def polarities(self) -> tuple[str, ...]:
        """Polarities of its findings."""
        return _distinct(finding.polarity for finding in self.findings)

    @property
    def assertors(self) -> tuple[str, ...]:
        """Who its findings are said by."""
        return _distinct(finding.assertor for finding in self.findings)

    @property
    def embedded(self) -> str:
        """The words whose vector stands for the passage: its heading, then its text."""
        heading = plain(self.headings[-1]) if self.headings else ""
        return f"{heading}. {plain(self.text)}" if heading else plain(self.text)

    @property
    def indexed(self) -> str:
        """The words that the term index counts."""
        return " ".join((*self.headings[-1:], self.text))

    def sentence(self, at: int) -> str:
        """One sentence on one line."""
        start, end = self.sentences[at]
        return plain(self.text[start:end])


class Rows(msgspec.Struct, frozen=True):
    """All rows of an index with the documents they stand in."""

    documents: tuple[DocumentRow, ...]
    passages: tuple[Row, ...]

    def document_of(self, row: Row) -> DocumentRow:
        """The document that a passage stands in."""
        return self.documents[row.document]


def rows_of(records: Iterable[Record]) -> Rows:
    """The rows of records, by document id, so that the order of reading leaves no trace."""
    ordered = sorted(records, key=lambda record: record.document.id)
    return Rows(
        documents=tuple(_document_row(record.document) for record in ordered),
        passages=tuple(
            row for number, record in enumerate(ordered) for row in _passage_rows(record, number)
        ),
    )


def save(rows: Rows, path: Path) -> None:
    """Write rows as JSON."""
    path.write_bytes(msgspec.json.encode(rows))


def load(path: Path) -> Rows:
    """Read rows back.

    :raises GenerationError: when the file is not what :func:`save` wrote.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rows)
    except msgspec.DecodeError as error:
        raise GenerationError(
            f"The search index at {path} cannot be read.",
            why=str(error),
            cure="Build again.",
        ) from error


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


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
