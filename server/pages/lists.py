"""Lists of what was read: one table a kind, under a filter by council, also as CSV."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.facts import MOST, Fact, Filters
from search.opened import Opened
from server import searching
from server.csvs import csv_response
from server.library import opened
from server.pages import blueprint
from server.paging import PER_PAGE, Paging, address_without, links, page_number
from server.sources import source_name


class Column(msgspec.Struct, frozen=True):
    """One column: its heading, the field it shows, and the form in which it shows it."""

    heading: str
    field: str
    form: str = "text"


class ListPage(msgspec.Struct, frozen=True):
    """One page of the kind: what it is called, what it tells, its columns."""

    kind: str
    title: str
    lead: str
    columns: tuple[Column, ...]


LISTS = (
    ListPage(
        "findings",
        "Findings",
        "Statements in which inspectors, reviewers or members say how good something is.",
        (
            Column("Date", "date", "date"),
            Column("Which way", "polarity", "polarity"),
            Column("Theme", "main_theme_label"),
            Column("In the document’s words", "quote", "quote"),
        ),
    ),
    ListPage(
        "commitments",
        "Commitments",
        "What somebody was told to do, was advised to do, or said they would do. If no date is "
        "given, the document gives none.",
        (
            Column("Kind", "label", "plain"),
            Column("Of whom", "of_whom"),
            Column("Due", "due", "date"),
            Column("In the document’s words", "quote", "quote"),
        ),
    ),
    ListPage(
        "posts",
        "Posts",
        "Public posts that the documents name. A post stays the same whoever holds it.",
        (
            Column("Post", "label", "thing"),
            Column("Organisation", "organisation"),
            Column("Also called", "aliases", "names"),
            Column("First source", "document", "source"),
        ),
    ),
    ListPage(
        "tenures",
        "Who held which post",
        "When a post was held, taken up or left, as the documents say it.",
        (
            Column("Post", "post"),
            Column("Holder", "holder"),
            Column("How", "mode_label", "plain"),
            Column("From", "start", "date"),
            Column("To", "end", "date"),
            Column("In the document’s words", "quote", "quote"),
        ),
    ),
    ListPage(
        "organisations",
        "Organisations",
        "Bodies that the documents name, with the names they use.",
        (
            Column("Organisation", "label", "thing"),
            Column("Kind", "type_label", "plain"),
            Column("Part of", "part_of"),
            Column("Also called", "aliases", "names"),
            Column("First source", "document", "source"),
        ),
    ),
    ListPage(
        "events",
        "Events",
        "Inspections, visits, reviews, directions, meetings and other events, also those that "
        "the documents only mention.",
        (
            Column("Date", "date", "date"),
            Column("Event", "label", "thing"),
            Column("Body", "body"),
            Column("First source", "document", "source"),
        ),
    ),
    ListPage(
        "figures",
        "Figures",
        "Numbers that the documents print: what is measured, of whom and when.",
        (
            Column("What", "measure"),
            Column("Value", "value", "number"),
            Column("Unit", "unit"),
            Column("Date", "date", "date"),
            Column("Of whom", "about"),
            Column("In the document’s words", "quote", "quote"),
        ),
    ),
    ListPage(
        "disagreements",
        "Disagreements",
        "Places where one question gets two answers, in one document or in two. We show both "
        "and do not choose.",
        (
            Column("Question", "question"),
            Column("The two answers", "sides", "sides"),
            Column("Why they are set side by side", "explanation"),
        ),
    ),
    ListPage(
        "missing",
        "Missing documents",
        "Inspections, reviews, directions and reports that the documents mention, but whose own "
        "document is not loaded.",
        (
            Column("Date", "date", "date"),
            Column("What is missing", "label", "thing"),
            Column("Body", "body"),
            Column("First mentioned in", "document", "source"),
            Column("Documents that cite it", "documents_citing"),
            Column("Findings that hang on it", "findings"),
        ),
    ),
)


def authority_filter(generation: Opened) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Checkboxes of councils and the chips of those chosen; none where only one is loaded."""
    wanted = request.args.getlist("authority")
    counts = Counter(s.authority for s in generation.catalogue.documents() if s.authority)
    if len(counts) < 2 and not wanted:
        return [], []

    def name(slug: str) -> str:
        return searching.label(generation, "authority", slug)

    options = [
        {"value": slug, "text": name(slug), "checked": slug in wanted}
        for slug in sorted({*counts, *wanted}, key=name)
    ]
    chips = [
        {"text": name(slug), "href": address_without("authority", slug)} for slug in wanted if slug
    ]
    return [{"name": "authority", "title": "Council", "options": options}], chips


def filters() -> Filters:
    """The filters of the request; those on theme, polarity and event are for findings."""
    named = ("authority", "document", "theme", "polarity", "event")
    return Filters(**{n: tuple(v for v in request.args.getlist(n) if v) for n in named})


def document_chips() -> list[dict[str, str]]:
    """Links that take a filter by document away."""
    return [
        {"text": source_name(value), "href": address_without("document", value)}
        for value in request.args.getlist("document")
        if value
    ]


def finding_filters(generation: Opened) -> list[dict[str, Any]]:
    """Checkboxes of polarities and themes."""
    found = []
    for field, title in (("polarity", "Which way"), ("theme", "Theme")):
        names = {
            concept.partition("/")[2]: text
            for concept, text in generation.labels.items()
            if concept.startswith(f"{field}/") and not concept.startswith("theme/area/")
        }
        chosen = request.args.getlist(field)
        options = [
            {"value": value, "text": text[:1].upper() + text[1:], "checked": value in chosen}
            for value, text in sorted(names.items(), key=lambda pair: pair[1].lower())
        ]
        found.append({"name": field, "title": title, "options": options})
    return found


def finding_chips(generation: Opened) -> list[dict[str, str]]:
    """Links that take a filter on findings away."""
    chips = [
        {"text": searching.label(generation, field, value), "href": address_without(field, value)}
        for field in ("polarity", "theme")
        for value in request.args.getlist(field)
        if value
    ]
    events = [value for value in request.args.getlist("event") if value]
    return chips + [
        {"text": "One event", "href": address_without("event", value)} for value in events
    ]


def _list_page(page: ListPage) -> ResponseReturnValue:
    generation, number = opened(), page_number()
    checkboxes, chips = authority_filter(generation)
    chips = chips + document_chips()
    if page.kind == "findings":
        checkboxes, chips = (
            checkboxes + finding_filters(generation),
            chips + finding_chips(generation),
        )
    paging = Paging(number, generation.facts.count(page.kind, filters()))
    return render_template(
        "list.html",
        page=page,
        facts=generation.facts.list(page.kind, PER_PAGE, paging.offset, filters()),
        filters=checkboxes,
        chips=chips,
        paging=paging,
        pagination=links(paging),
        action=url_for(f"pages.{page.kind}"),
        csv=f"{url_for(f'pages.{page.kind}_csv')}?{request.query_string.decode('ascii', 'ignore')}",
    )


def _flat(fact: Fact, column: Column) -> object:
    value = fact[column.field]
    if column.form == "names":
        return "; ".join(value)
    if column.form == "source":
        return value["title"] if value else ""
    if column.form == "sides":
        return " / ".join(f"{side['value']}: {side['quote']}" for side in value)
    return value


def _list_csv(page: ListPage) -> ResponseReturnValue:
    rows = [
        {column.heading: _flat(fact, column) for column in page.columns}
        | {"Document": (fact.get("document") or {}).get("title"), "Id": fact["id"]}
        for fact in opened().facts.list(page.kind, MOST, 0, filters())
    ]
    return csv_response(page.kind, [*(c.heading for c in page.columns), "Document", "Id"], rows)


for _page in LISTS:
    blueprint.add_url_rule(f"/{_page.kind}", _page.kind, partial(_list_page, _page))
    blueprint.add_url_rule(f"/{_page.kind}.csv", f"{_page.kind}_csv", partial(_list_csv, _page))


@blueprint.get("/browse")
def browse() -> ResponseReturnValue:
    """All lists, with how much is in each."""
    generation = opened()
    counts = {page.kind: generation.facts.count(page.kind) for page in LISTS}
    return render_template("browse.html", lists=LISTS, counts=counts)
