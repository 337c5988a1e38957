"""Filters and facets over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from search.rows import DocumentRow, Row, Rows
from search.runs import Marks


class Filters(msgspec.Struct, frozen=True):
    """What results must be. Several values of one field widen, several fields narrow.

    ``since`` and ``until`` are days or shorter EDTF dates; a document counts when its
    date can lie between them. ``document`` takes ids or file paths.
    """

    document: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    theme: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    assertor: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether everything passes."""
        return self == EVERYTHING


EVERYTHING = Filters()
"""No filter."""


class Facet(msgspec.Struct, frozen=True):
    """One value of a field and how many passages of the answer have it."""

    value: str
    label: str
    count: int


FACETS = ("authority", "kind", "document", "year", "theme", "polarity", "assertor")


def allowed(rows: Rows, filters: Filters) -> Marks | None:
    """Which rows pass, or None when all do."""
    if filters.empty:
        return None
    marks = rows.of_documents(_documents(rows, filters))
    for field in ("theme", "polarity", "assertor"):
        if wanted := getattr(filters, field):
            marks &= rows.labels.marks(field, wanted, len(marks))
    return marks


def _documents(rows: Rows, filters: Filters) -> Marks:
    """Which documents pass."""
    columns = rows.columns
    passing = np.ones(len(rows.documents), dtype=bool)
    for field in ("document", "kind", "authority"):
        if wanted := getattr(filters, field):
            passing &= columns.any_of(field, wanted)
    if filters.since is not None or filters.until is not None:
        passing &= columns.between(filters.since, filters.until)
    return passing


def facets(rows: Rows, numbers: Iterable[int]) -> dict[str, tuple[Facet, ...]]:
    """Counts by field over passages, most frequent first."""
    found = [rows.passages[number] for number in numbers]
    counts: dict[str, Counter[tuple[str, str]]] = {field: Counter() for field in FACETS}
    for number, times in Counter(row.document for row in found).items():
        for field, value, label in _of_document(rows.documents[number]):
            counts[field][value, label] += times
    for field, held in _of_findings(found).items():
        counts[field].update({(value, value): times for value, times in Counter(held).items()})
    return {
        field: tuple(
            Facet(value, label, count)
            for (value, label), count in sorted(counted.items(), key=lambda c: (-c[1], c[0]))
        )
        for field, counted in counts.items()
    }


def _of_document(document: DocumentRow) -> Iterator[tuple[str, str, str]]:
    yield "document", document.id, document.title
    yield "kind", document.kind, document.kind
    if document.authority:
        yield "authority", document.authority, document.authority
    if document.date:
        yield "year", document.date[:4], document.date[:4]


def _of_findings(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The values of each field that passages have by their findings, once for each passage."""
    held: dict[str, list[str]] = {"theme": [], "polarity": [], "assertor": []}
    for row in rows:
        findings = row.findings
        if findings:
            held["theme"] += {theme for finding in findings for theme in finding.themes}
            held["polarity"] += {finding.polarity for finding in findings}
            held["assertor"] += {finding.assertor for finding in findings}
    return held
