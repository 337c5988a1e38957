"""Inspections, and for one council its grades through the years."""

from __future__ import annotations

from typing import NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.kinds import frameworks
from search.facts import Fact
from server.charts.grades import grade_chart
from server.csvs import csv_response
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import authority_filter, filters, one_authority
from server.paging import PER_PAGE, Paging, links, page_number

FIELDS = (
    "authority",
    "inspection_start",
    "inspection_end",
    "published",
    "framework",
    "domain",
    "grade",
    "quote",
    "event",
    "id",
)


def _domain_order(judgement: Fact) -> int:
    """The overall grade first, then as frameworks.yaml lists what is graded."""
    return [domain.id for domain in frameworks().domains].index(judgement["domain"])


def grades_by_event(judgements: list[Fact]) -> dict[str, dict[str, Fact]]:
    """For each event, its grade in each domain; the first that is stated counts."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in sorted(judgements, key=_domain_order):
        found.setdefault(fact["event"], {}).setdefault(fact["domain_label"], fact)
    return found


def _began(grades: dict[str, Fact]) -> str:
    return str(next(iter(grades.values()))["inspection_start"] or "")


class History(NamedTuple):
    """A table of grades: a column an inspection, oldest first; a row a domain."""

    columns: list[Fact]
    rows: list[tuple[str, list[Fact | None]]]


def history(judgements: list[Fact]) -> History:
    """The grades of one council through the years."""
    events = grades_by_event(judgements)
    events = dict(sorted(events.items(), key=lambda pair: _began(pair[1])))
    by_domain = sorted(judgements, key=_domain_order)
    domains = list(dict.fromkeys(fact["domain_label"] for fact in by_domain))
    columns = [next(iter(grades.values())) for grades in events.values()]
    rows = [(domain, [grades.get(domain) for grades in events.values()]) for domain in domains]
    return History(columns, rows)


@blueprint.get("/inspections")
def inspections() -> ResponseReturnValue:
    """Inspections that are loaded, newest first, and the history of a single council."""
    generation, number = opened(), page_number()
    checkboxes, chips = authority_filter(generation)
    paging = Paging(number, generation.facts.count("inspections", filters()))
    found = generation.facts.list("inspections", PER_PAGE, paging.offset, filters())
    judgements = generation.facts.list("judgements", filters=filters())
    authority = one_authority(generation)
    past = history(judgements) if authority and judgements else None
    return render_template(
        "inspections.html",
        authority=authority,
        chart=grade_chart(past.columns, past.rows) if past else None,
        inspections=found,
        grades=grades_by_event(judgements),
        history=past,
        filters=checkboxes,
        chips=chips,
        paging=paging,
        pagination=links(paging),
        csv=f"{url_for('pages.inspections_csv')}?{request.query_string.decode('ascii', 'ignore')}",
    )


@blueprint.get("/inspections.csv")
def inspections_csv() -> ResponseReturnValue:
    """Every grade of the same inspections, a row each."""
    return csv_response("grades", FIELDS, opened().facts.list("judgements", filters=filters()))
