"""Documents named briefly, as a table's source column names them."""

from __future__ import annotations

from flask import g

from kg.catalogue import Summary
from server import searching, words
from server.library import opened


def _summaries() -> dict[str, Summary]:
    """All documents by id, read once a request."""
    if "summaries" not in g:
        g.summaries = {summary.id: summary for summary in opened().catalogue.documents()}
    found: dict[str, Summary] = g.summaries
    return found


def source_name(document_id: str) -> str:
    """'Kelland inspection report, 4 July 2019'; the title where the kind is not known, and the id
    of what is not loaded."""
    summary = _summaries().get(document_id)
    if summary is None:
        return document_id
    date = words.date_words(summary.date)
    if summary.kind == "other":
        return ", ".join(part for part in (summary.title, date) if part)
    kind = searching.label(opened(), "kind", summary.kind)
    place = searching.label(opened(), "authority", summary.authority) if summary.authority else ""
    named = f"{place} {kind[:1].lower()}{kind[1:]}" if place else kind
    return ", ".join(part for part in (named, date) if part)


def place_name(document_id: str, start: int) -> str:
    """The document and the page of a place in it: 'Kelland inspection report, 2019, page 3'."""
    page = opened().catalogue.page(document_id, start)
    name = source_name(document_id)
    return f"{name}, page {page}" if page else name
