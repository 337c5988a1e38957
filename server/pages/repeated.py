"""Repeated findings: a matrix of themes and events, the issues, and each issue's own page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Literal

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.dates import earliest, latest
from search.describe import Describer
from search.facts import Fact, Filters
from search.opened import Opened
from search.repeated import repeated as issues_of
from server import searching, words
from server.csvs import csv_response
from server.decided import is_confirmed
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
LEAST = {str(n): f"{n} events or more" for n in range(3, 8)}
"""Choices of how many events must have raised an issue."""

CHOICES: tuple[tuple[Literal["theme", "status"], str], ...] = (
    ("theme", "Theme"),
    ("status", "How it stands"),
)


class Cell(msgspec.Struct, frozen=True):
    """How many weaknesses one event raised on one theme; ``depth`` is how dark to shade it."""

    count: int
    depth: int
    href: str


class Row(msgspec.Struct, frozen=True):
    """A theme with a cell an event; ``issues`` of it recur, ``confirmed`` by people."""

    theme: str
    slug: str
    cells: tuple[Cell | None, ...]
    issues: int
    confirmed: int


class Matrix(msgspec.Struct, frozen=True):
    """Themes by events: a column an event, oldest first; a row a theme, most often raised first."""

    events: tuple[Fact, ...]
    rows: tuple[Row, ...]


def _cell(fact: Fact, most: int) -> Cell:
    count = int(fact["weaknesses"])
    found = url_for("pages.findings", event=fact["iri"], theme=fact["theme"], polarity="weakness")
    return Cell(count, max(1, round(DEEPEST * count / most)), found)


def matrix(facts: list[Fact], issues: list[Issue]) -> Matrix | None:
    """The table of one council's weaknesses, or None where there are none."""
    if not facts:
        return None
    most = max(int(fact["weaknesses"]) for fact in facts)
    events = {fact["iri"]: fact for fact in facts}
    by_theme: dict[tuple[str, str], dict[str, Cell]] = {}
    for fact in facts:
        theme = fact["theme_label"], fact["theme"]
        by_theme.setdefault(theme, {})[fact["iri"]] = _cell(fact, most)
    ordered = sorted(by_theme.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = (_row_of(*theme, [cells.get(iri) for iri in events], issues) for theme, cells in ordered)
    return Matrix(tuple(events.values()), tuple(rows))


def _row_of(theme: str, slug: str, cells: list[Cell | None], issues: list[Issue]) -> Row:
    main = [issue for issue in issues if issue["themes"][0] == slug]
    return Row(theme, slug, tuple(cells), len(main), sum(map(is_confirmed, main)))


def _chosen(name: str) -> set[str]:
    return {value for value in request.args.getlist(name) if value}


def _fits(issue: Issue) -> bool:
    """Whether an issue passes the filters of the request."""
    authority, theme, status = (_chosen(name) for name in ("authority", "theme", "status"))
    return (
        (not authority or issue["authority"] in authority)
        and (not theme or bool(theme & set(issue["themes"])))
        and (not status or issue["status"] in status)
        and events_of(issue) >= _least()
        and _in_period(issue)
    )


def _least() -> int:
    """The least number of events that the request wants; 2 where it names none."""
    given = request.args.get("least", "")
    return int(given) if given in LEAST else 0


def _in_period(issue: Issue) -> bool:
    """Whether the issue was raised in the period of the request."""
    since, until = period()
    return not (since or until) or any(
        (not until or earliest(one["date"]) <= latest(until))
        and (not since or latest(one["date"]) >= earliest(since))
        for one in issue["occurrences"]
        if one["date"]
    )


def period() -> tuple[str, str]:
    """The dates from and to of the request, '' for none; a refusal of what is no date."""
    since, until = (searching.date_of(request.args, name) or "" for name in ("since", "until"))
    return since, until


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
    chips = [
        {
            "text": f"{title}: {searching.label(generation, name, value)}",
            "href": address_without(name, value),
        }
        for name, title in CHOICES
        for value in sorted(_chosen(name))
    ]
    ends = zip(("since", "until"), ("Raised from", "Raised up to"), period(), strict=True)
    chips += [
        {"text": f"{title}: {words.date_words(value)}", "href": address_without(name, value)}
        for name, title, value in ends
        if value
    ]
    least = request.args.get("least", "")
    if least in LEAST:
        chips.append({"text": LEAST[least], "href": address_without("least", least)})
    return chips


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
        matrix=_matrix(generation, only, every) if only else None,
        authority=one,
        filters=checkboxes + _options(generation, every),
        chips=chips + _chips(generation),
        paging=paging,
        pagination=links(paging),
        csv=f"{url_for('pages.repeated_csv')}?{query}",
        jsonld=f"{url_for('pages.repeated_jsonld')}?{query}",
        events_of=events_of,
        is_confirmed=is_confirmed,
        asked=dict(zip(("since", "until"), period(), strict=True)),
        least=_least_options(),
    )


def _least_options() -> list[dict[str, Any]]:
    """Choices of the fewest events, the request's own chosen."""
    given = request.args.get("least", "")
    choices = {"": "2 events or more", **LEAST}
    return [{"value": v, "text": text, "selected": v == given} for v, text in choices.items()]


def _matrix(generation: Opened, only: Filters, every: list[Issue]) -> Matrix | None:
    own = [issue for issue in every if issue["authority"] in only.authority]
    return matrix(generation.facts.list("matrix", filters=only), own)


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
