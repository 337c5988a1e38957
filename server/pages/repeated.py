"""Repeated findings: a matrix of themes and events, the issues, and each issue's own page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Literal

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.describe import Describer
from search.elsewhere import elsewhere
from search.facts import Fact, Filters
from search.opened import Opened
from search.repeated import repeated as issues_of
from server import searching, words
from server.csvs import csv_response
from server.errors import not_found
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import authority_filter, one_authority
from server.paging import Paging, address_without, links, page_number
from server.rdf import FORMS, rdf_response

Issue = dict[str, Any]

FIELDS = (
    "label",
    "authority",
    "themes",
    "first",
    "last",
    "status",
    "events",
    "quotations",
    "first_quote",
    "last_quote",
    "id",
)
PER_PAGE = 20
_JSON_LD = next(form for form in FORMS if form.suffix == ".jsonld")
DEEPEST = 5
CHOICES: tuple[tuple[Literal["theme", "status"], str], ...] = (
    ("theme", "Theme"),
    ("status", "How it stands"),
)


class Cell(msgspec.Struct, frozen=True):
    """How many weaknesses one event raised on one theme; ``depth`` is how dark to shade it."""

    count: int
    depth: int
    href: str


class Matrix(msgspec.Struct, frozen=True):
    """Themes by events: a column an event, oldest first; a row a theme, most often raised first."""

    events: tuple[Fact, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def _cell(fact: Fact, most: int) -> Cell:
    count = int(fact["weaknesses"])
    found = url_for("pages.findings", event=fact["iri"], theme=fact["theme"], polarity="weakness")
    return Cell(count, max(1, round(DEEPEST * count / most)), found)


def matrix(facts: list[Fact]) -> Matrix | None:
    """The table of one council's weaknesses, or None where there are none."""
    if not facts:
        return None
    most = max(int(fact["weaknesses"]) for fact in facts)
    events = {fact["iri"]: fact for fact in facts}
    by_theme: dict[str, dict[str, Cell]] = {}
    for fact in facts:
        by_theme.setdefault(fact["theme_label"], {})[fact["iri"]] = _cell(fact, most)
    ordered = sorted(by_theme.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = ((theme, tuple(cells.get(iri) for iri in events)) for theme, cells in ordered)
    return Matrix(tuple(events.values()), tuple(rows))


def _chosen(name: str) -> set[str]:
    return {value for value in request.args.getlist(name) if value}


def _fits(issue: Issue) -> bool:
    """Whether an issue passes the filters of the request."""
    authority, theme, status = (_chosen(name) for name in ("authority", "theme", "status"))
    return (
        (not authority or issue["authority"] in authority)
        and (not theme or bool(theme & set(issue["themes"])))
        and (not status or issue["status"] in status)
    )


def _values(issues: Iterable[Issue], name: str) -> set[str]:
    if name == "theme":
        return {theme for issue in issues for theme in issue["themes"]}
    return {issue["status"] for issue in issues}


def _options(generation: Opened, every: list[Issue]) -> list[dict[str, Any]]:
    """Checkboxes of themes and states."""
    found = []
    for name, title in CHOICES:
        label = partial(searching.label, generation, name)
        values = sorted(_values(every, name) | _chosen(name), key=label)
        options = [{"value": v, "text": label(v), "checked": v in _chosen(name)} for v in values]
        if options:
            found.append({"name": name, "title": title, "options": options})
    return found


def _chips(generation: Opened) -> list[dict[str, str]]:
    return [
        {
            "text": f"{title}: {searching.label(generation, name, value)}",
            "href": address_without(name, value),
        }
        for name, title in CHOICES
        for value in sorted(_chosen(name))
    ]


@blueprint.get("/repeated")
def repeated() -> ResponseReturnValue:
    """Issues under filters, strongest first, and the matrix of a single council."""
    generation, number = opened(), page_number()
    every = issues_of(generation.facts)
    found = [issue for issue in every if _fits(issue)]
    paging = Paging(number, len(found), PER_PAGE)
    checkboxes, chips = authority_filter(generation)
    one = one_authority(generation)
    query = request.query_string.decode("ascii", "ignore")
    only = Filters(authority=(one,)) if one else None
    return render_template(
        "repeated.html",
        issues=found[paging.offset : paging.offset + PER_PAGE],
        matrix=matrix(generation.facts.list("matrix", filters=only)) if only else None,
        authority=one,
        filters=checkboxes + _options(generation, every),
        chips=chips + _chips(generation),
        paging=paging,
        pagination=links(paging),
        csv=f"{url_for('pages.repeated_csv')}?{query}",
        jsonld=f"{url_for('pages.repeated_jsonld')}?{query}",
        events_of=events_of,
    )


@blueprint.get("/repeated.csv")
def repeated_csv() -> ResponseReturnValue:
    """The same issues for a spreadsheet."""
    rows = (_row(issue) for issue in issues_of(opened().facts) if _fits(issue))
    return csv_response("repeated-findings", FIELDS, rows)


def _row(issue: Issue) -> dict[str, Any]:
    """An issue on one line: its themes together, and its first and last words."""
    said = issue["occurrences"]
    return {
        **issue,
        "themes": "; ".join(issue["themes"]),
        "events": events_of(issue),
        "quotations": len(said),
        "first_quote": said[0]["quote"] if said else None,
        "last_quote": said[-1]["quote"] if said else None,
    }


def events_of(issue: Issue) -> int:
    """At how many events an issue was raised."""
    return len({one["event"] for one in issue["occurrences"]})


@blueprint.get("/repeated.jsonld")
def repeated_jsonld() -> ResponseReturnValue:
    """The same issues as linked data; what they point to has an address of its own."""
    generation = opened()
    describer = Describer(generation.graph, generation.base)
    triples = [
        triple
        for issue in issues_of(generation.facts)
        if _fits(issue)
        for triple in describer.triples(f"{generation.base}id/issue/{issue['id']}")
    ]
    response = rdf_response(triples, _JSON_LD, f"{generation.name}-{len(triples)}")
    response.headers["Content-Disposition"] = 'attachment; filename="repeated-findings.jsonld"'
    return response


def issue_page(slug: str) -> ResponseReturnValue:
    """One issue: when it was raised, in which words, and what documents say of it themselves."""
    found = next((i for i in issues_of(opened().facts) if i["id"] == slug), None)
    if found is None:
        raise not_found(f"issue {slug}")
    period = " to ".join(words.date_words(found[end]) for end in ("first", "last") if found[end])
    return render_template(
        "issue.html",
        issue=found,
        events=events_of(found),
        period=period,
        elsewhere=elsewhere(opened().facts, found),
    )
