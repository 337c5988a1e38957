"""Filters and facets over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.dates import earliest, latest
from search.rows import DocumentRow, Row, Rows


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


def allowed(rows: Rows, filters: Filters) -> NDArray[np.int64] | None:
    """The numbers of the rows that pass, or None when all do."""
    if filters.empty:
        return None
    passing = [_document_passes(rows, number, filters) for number in range(len(rows.documents))]
    found = rows.within(np.flatnonzero(passing))
    for field in ("theme", "polarity", "assertor"):
        if wanted := getattr(filters, field):
            found = np.intersect1d(found, rows.labels.bearing(field, wanted), assume_unique=True)
    return found


def facets(rows: Rows, numbers: Iterable[int]) -> dict[str, tuple[Facet, ...]]:
    """Counts by field over passages, most frequent first."""
    counts: dict[str, Counter[tuple[str, str]]] = {field: Counter() for field in FACETS}
    found = [rows.passages[number] for number in numbers]
    for number, times in Counter(row.document for row in found).items():
        for field, value, label in _of_document(rows.documents[number]):
            counts[field][value, label] += times
    for row in found:
        for field, values in _of_row(row):
            counts[field].update((value, value) for value in values)
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


def _of_row(row: Row) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("theme", row.themes), ("polarity", row.polarities), ("assertor", row.assertors)


def _document_passes(rows: Rows, number: int, filters: Filters) -> bool:
    document = rows.documents[number]
    return (
        _any((document.id, document.file), filters.document)
        and _any((document.kind,), filters.kind)
        and _any((document.authority,), filters.authority)
        and _in_period(document.date, filters)
    )


def _any(values: Sequence[str | None], wanted: Sequence[str]) -> bool:
    return not wanted or any(value in wanted for value in values)


def _in_period(date: str | None, filters: Filters) -> bool:
    if filters.since is None and filters.until is None:
        return True
    if date is None:
        return False
    after = filters.since is None or latest(date) >= earliest(filters.since)
    before = filters.until is None or earliest(date) <= latest(filters.until)
    return after and before
