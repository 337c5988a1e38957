"""Filters and facets over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.dates import earliest, latest
from search.rows import Row, Rows


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
    documents = [_document_passes(rows, number, filters) for number in range(len(rows.documents))]
    return np.array(
        [
            number
            for number, row in enumerate(rows.passages)
            if documents[row.document] and _row_passes(row, filters)
        ],
        dtype=np.int64,
    )


def facets(rows: Rows, numbers: Iterable[int]) -> dict[str, tuple[Facet, ...]]:
    """Counts by field over passages, most frequent first."""
    counts: dict[str, Counter[tuple[str, str]]] = {field: Counter() for field in FACETS}
    for number in numbers:
        for field, values in _values(rows, rows.passages[number]).items():
            counts[field].update(values)
    return {
        field: tuple(
            Facet(value, label, count)
            for (value, label), count in sorted(counted.items(), key=lambda c: (-c[1], c[0]))
        )
        for field, counted in counts.items()
    }


def _values(rows: Rows, row: Row) -> dict[str, list[tuple[str, str]]]:
    document = rows.document_of(row)
    return {
        "authority": _pairs(document.authority),
        "kind": _pairs(document.kind),
        "document": [(document.id, document.title)],
        "year": _pairs(document.date[:4] if document.date else None),
        "theme": _pairs(*row.themes),
        "polarity": _pairs(*row.polarities),
        "assertor": _pairs(*row.assertors),
    }


def _pairs(*values: str | None) -> list[tuple[str, str]]:
    return [(value, value) for value in values if value]


def _document_passes(rows: Rows, number: int, filters: Filters) -> bool:
    document = rows.documents[number]
    return (
        _any((document.id, document.file), filters.document)
        and _any((document.kind,), filters.kind)
        and _any((document.authority,), filters.authority)
        and _in_period(document.date, filters)
    )


def _row_passes(row: Row, filters: Filters) -> bool:
    return (
        _any(row.themes, filters.theme)
        and _any(row.polarities, filters.polarity)
        and _any(row.assertors, filters.assertor)
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
