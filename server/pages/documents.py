"""The list of documents, and the reader that shows one and opens at a quotation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.catalogue import Summary
from kg.model import Document
from search.facts import Fact, Filters
from search.opened import Opened
from server import reader, searching, words
from server.addresses import thing_address
from server.csvs import csv_response
from server.errors import not_found
from server.library import opened
from server.pages import blueprint
from server.paging import PER_PAGE, Paging, address_without, links, page_number
from server.reader import Mark

FILTERS = (("authority", "Council"), ("kind", "Kind of document"))
FIELDS = ("title", "kind", "date", "publisher", "authority", "file", "id")
SIDES = (
    ("judgements", "Grades"),
    ("findings", "Findings"),
    ("commitments", "Recommendations and commitments"),
    ("figures", "Figures"),
    ("events", "Events"),
)
MOST_LISTED = 100
_NUMBER = re.compile(r"\d{1,9}\Z", re.ASCII)


def chosen() -> dict[str, list[str]]:
    """The filters of the request, by field."""
    return {field: [v for v in request.args.getlist(field) if v] for field, _ in FILTERS}


def listed(generation: Opened) -> list[Summary]:
    """The documents under the request's filters, newest first."""
    wanted = chosen()
    found = [
        summary
        for summary in generation.catalogue.documents()
        if all(not values or getattr(summary, f) in values for f, values in wanted.items())
    ]
    return sorted(found, key=lambda s: (s.date or "", s.id), reverse=True)


def _options(generation: Opened, field: str, values: Sequence[str]) -> list[dict[str, Any]]:
    counts = Counter(getattr(s, field) for s in generation.catalogue.documents())
    known = [value for value in counts if value]
    return [
        {
            "value": value,
            "text": f"{searching.label(generation, field, value)} ({counts[value]})",
            "checked": value in values,
        }
        for value in sorted(known, key=lambda v: searching.label(generation, field, v))
    ]


@blueprint.get("/documents")
def documents() -> ResponseReturnValue:
    """All documents under filters, a page at a time."""
    generation, wanted = opened(), chosen()
    found = listed(generation)
    paging = Paging(page_number(), len(found))
    return render_template(
        "documents.html",
        documents=found[paging.offset : paging.offset + PER_PAGE],
        filters=[
            {"name": field, "title": title, "options": _options(generation, field, wanted[field])}
            for field, title in FILTERS
        ],
        chips=[
            {
                "text": f"{title}: {searching.label(generation, field, value)}",
                "href": address_without(field, value),
            }
            for field, title in FILTERS
            for value in wanted[field]
        ],
        paging=paging,
        pagination=links(paging),
        csv=f"{url_for('pages.documents_csv')}?{request.query_string.decode('ascii', 'ignore')}",
    )


@blueprint.get("/documents.csv")
def documents_csv() -> ResponseReturnValue:
    """The same list for a spreadsheet."""
    return csv_response("documents", FIELDS, map(msgspec.structs.asdict, listed(opened())))


def _offset(name: str, length: int) -> int | None:
    """A place in the text that the request names, or None where it names none."""
    given = request.args.get(name, "")
    return min(int(given), length) if _NUMBER.match(given) else None


def quotation(document: Document) -> Mark | None:
    """The words that the request cites by ``start`` and ``end``."""
    length = len(document.text)
    start, end = _offset("start", length), _offset("end", length)
    if start is None or end is None or start >= end:
        return None
    return Mark(start, end, "quotation", "q")


def _finding_mark(fact: Fact) -> Mark:
    polarity = str(fact["polarity"])
    theme = fact["main_theme_label"]
    return Mark(
        fact["start"],
        fact["end"],
        "finding",
        f"f-{fact['id'].rpartition('/')[2]}",
        polarity=polarity,
        label=f"{words.POLARITY[polarity]}: {theme}" if theme else words.POLARITY[polarity],
        href=thing_address(fact["iri"]),
    )


def _sides(
    generation: Opened, document: Document, findings: Sequence[Fact]
) -> list[dict[str, Any]]:
    """What was read from the document, by kind; kinds of which nothing was read are left out."""
    only = Filters(document=(document.id,))
    sides = []
    for kind, title in SIDES:
        if kind == "findings":
            rows, total = _worded(document, findings[:MOST_LISTED]), len(findings)
        else:
            rows = generation.facts.list(kind, MOST_LISTED, 0, only)
            total = _total(generation, kind, only, rows)
        if rows:
            sides.append({"kind": kind, "title": title, "total": total, "facts": rows})
    return sides


def _worded(document: Document, findings: Iterable[Fact]) -> list[Fact]:
    """Findings with their words, which stand in the text."""
    return [{**each, "text": document.quote(each["start"], each["end"])} for each in findings]


def _total(generation: Opened, kind: str, only: Filters, rows: list[Fact]) -> int:
    """How many there are; counted where the page cannot hold them all."""
    return len(rows) if len(rows) < MOST_LISTED else generation.facts.count(kind, only)


def _neighbours(facts: Iterable[Fact]) -> list[Fact]:
    """Documents that cite or are cited, each once."""
    return list({fact["other_document"]["id"]: fact["other_document"] for fact in facts}.values())


def reader_page(document_id: str) -> ResponseReturnValue:
    """One document laid out, its findings and the words cited marked."""
    generation = opened()
    document = generation.catalogue.document(document_id)
    if document is None:
        raise not_found(f"document {document_id}")
    only = Filters(document=(document_id,))
    findings = generation.facts.list("marks", filters=only)
    cited = quotation(document)
    marks = [_finding_mark(fact) for fact in findings] + ([cited] if cited else [])
    return render_template(
        "document.html",
        document=document,
        fact=generation.facts.list("documents", filters=only)[0],
        groups=reader.layout(document, generation.catalogue.passages(document_id), marks),
        cited=cited,
        sides=_sides(generation, document, findings),
        polarities=Counter(fact["polarity"] for fact in findings),
        cites=_neighbours(generation.facts.list("cites", filters=only)),
        cited_by=_neighbours(generation.facts.list("cited_by", filters=only)),
    )
