"""The rows: a document, a passage, a finding in it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

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


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
