"""Search: results with highlights, filters, facets, order, and the same as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.errors import QueryError
from search.ask.asker import ASREAD
from search.filters import Filters
from search.opened import Opened
from search.search import POOL, Result, Results
from server import asking, searching
from server.addresses import reader_address
from server.csvs import csv_response
from server.errors import Refused, not_found
from server.library import opened
from server.pages import blueprint, reading
from server.paging import Paging, address, address_without, links, page_number
from server.searching import Asked

PER_PAGE = 10
LONG = 700
AROUND = 250
SHOWN_FILTERS = (
    ("authority", "Council"),
    ("kind", "Kind of document"),
    ("polarity", "Holds a finding that is"),
    ("theme", "Theme"),
)
NAMES = {**dict(SHOWN_FILTERS), "document": "Document", "assertor": "Said by"}
FIELDS = ("title", "date", "authority", "kind", "page", "text", "score", "document", "passage")


class Piece(msgspec.Struct, frozen=True):
    """Words of a result, highlighted or not."""

    text: str
    marked: bool = False


class Hit(msgspec.Struct, frozen=True):
    """A result as the page shows it."""

    result: Result
    href: str
    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


class Source(msgspec.Struct, frozen=True):
    """Words of which the like is looked for."""

    document: str
    start: int
    end: int
    text: str


def _window(result: Result) -> tuple[int, int]:
    """The part of a passage to show: all of it, or what stands around its best sentence."""
    text = result.text
    if len(text) <= LONG:
        return 0, len(text)
    start, end = result.best
    first = text.find(" ", max(0, start - AROUND)) + 1 if start > AROUND else 0
    last = text.rfind(" ", 0, min(len(text), max(end, start + AROUND) + AROUND))
    return min(first, start), max(last, end)


def pieces(result: Result, start: int, end: int) -> Iterator[Piece]:
    """``text[start:end]`` with its highlights apart."""
    at = start
    for begin, finish in result.highlights:
        if start <= begin and finish <= end:
            yield Piece(result.text[at:begin])
            yield Piece(result.text[begin:finish], marked=True)
            at = finish
    yield Piece(result.text[at:end])


def _hit(result: Result) -> Hit:
    start, end = _window(result)
    best = (result.start + result.best[0], result.start + result.best[1])
    return Hit(
        result,
        reader_address(result.document.id, *best),
        tuple(pieces(result, start, end)),
        cut_before=start > 0,
        cut_after=end < len(result.text),
    )


def _options(
    generation: Opened, field: str, chosen: tuple[str, ...], shown: Results, every: Results
) -> list[dict[str, Any]]:
    """Checkboxes of one filter, with how many passages each would leave."""
    counts = {facet.value: facet.count for facet in every.facets.get(field, ())}
    counts |= {facet.value: facet.count for facet in shown.facets.get(field, ())}
    values = sorted({*counts, *chosen}, key=lambda v: (v not in chosen, -counts.get(v, 0), v))
    return [
        {
            "value": value,
            "text": f"{searching.label(generation, field, value)} ({counts.get(value, 0)})",
            "checked": value in chosen,
        }
        for value in values
    ]


def _filters(generation: Opened, wanted: Asked, shown: Results) -> list[dict[str, Any]]:
    every = shown
    if not wanted.filters.empty:
        every = searching.search(generation, Asked(wanted.text), limit=1)
    found = []
    for field, title in SHOWN_FILTERS:
        chosen = getattr(wanted.filters, field)
        options = _options(generation, field, chosen, shown, every)
        if len(options) > 1 or chosen:
            found.append({"name": field, "title": title, "options": options})
    return found


def _chips(generation: Opened, filters: Filters) -> list[dict[str, str]]:
    """Links that take one filter away."""
    chips = [
        {
            "text": f"{NAMES[field]}: {searching.label(generation, field, value)}",
            "href": address_without(field, value),
        }
        for field in NAMES
        for value in getattr(filters, field)
    ]
    for field, title in (("since", "From"), ("until", "To")):
        if value := getattr(filters, field):
            chips.append({"text": f"{title}: {value}", "href": address(**{field: None}, page=None)})
    return chips


def _asked() -> tuple[Asked, str]:
    """The search, and what is wrong with it; the text survives a mistake in a filter."""
    try:
        return searching.asked(request.args), ""
    except Refused as error:
        problem = error.problem
        return Asked(
            request.args.get("q", "")[: searching.LONGEST]
        ), f"{problem.detail} {problem.cure}"


def _answered(generation: Opened, wanted: Asked) -> dict[str, Any]:
    """The answer to a question, with its reading; nothing where no question is asked."""
    choice = asking.choice(request.args)
    if choice == ASREAD and not asking.is_question(wanted.text):
        return {}
    asker = asking.asker(generation)
    answer = asker.ask(wanted.text, choice)
    has_sparql = "sparql.query" in current_app.view_functions
    return {
        "answer": answer,
        "read": reading.read(asker, answer),
        "changed": choice != ASREAD,
        "sparql_address": url_for("sparql.query") if has_sparql else "",
    }


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Results for ``q`` under the filters; without words, the empty box."""
    wanted, mistake = _asked()
    if mistake or not searching.has_words(wanted.text):
        return render_template(
            "search-empty.html", wanted=wanted, mistake=mistake
        ), 400 if mistake else 200
    generation, number = opened(), page_number()
    try:
        answered = _answered(generation, wanted) if number == 1 and wanted.filters.empty else {}
    except QueryError as error:
        return render_template("search-empty.html", wanted=wanted, mistake=str(error)), 400
    found = searching.search(generation, wanted, PER_PAGE, (number - 1) * PER_PAGE)
    paging = Paging(number, found.total, PER_PAGE)
    return render_template(
        "search.html",
        wanted=wanted,
        found=found,
        **answered,
        hits=[_hit(result) for result in found.results],
        filters=_filters(generation, wanted, found),
        chips=_chips(generation, wanted.filters),
        sorts=searching.SORTS,
        paging=paging,
        pagination=links(paging),
        capped=found.total >= POOL,
        csv=f"{url_for('pages.search_csv')}?{request.query_string.decode('ascii', 'ignore')}",
        share=address(page=None),
        follow=f"{url_for('pages.search_feed')}?{request.query_string.decode('ascii', 'ignore')}",
    )


@blueprint.get("/similar")
def similar() -> ResponseReturnValue:
    """Passages that say the like of the passage or finding ``id``."""
    generation, thing = opened(), request.args.get("id", "")
    source = _source(generation, thing)
    found = generation.searcher.more_like(thing, limit=PER_PAGE)
    return render_template(
        "similar.html", source=source, hits=[_hit(result) for result in found.results]
    )


def _source(generation: Opened, thing: str) -> Source:
    """The words of a passage or finding, and where they stand."""
    passage = generation.catalogue.passage(thing)
    if passage is not None:
        document, start, end = passage.document, passage.start, passage.end
    elif place := generation.searcher.place(thing):
        document, start, end = place
    else:
        raise not_found(f"passage or finding {thing}")
    text = generation.catalogue.text(document, start, end) or ""
    return Source(document, start, end, text)


@blueprint.get("/search.csv")
def search_csv() -> ResponseReturnValue:
    """The same results, all of them, for a spreadsheet."""
    found = searching.search(opened(), searching.asked(request.args), POOL)
    rows = [
        {
            **{name: getattr(result, name) for name in FIELDS if name != "document"},
            "document": result.document.id,
        }
        for result in found.results
    ]
    return csv_response("search", FIELDS, rows)
