"""Inspections, and for one council its grades through the years."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.kinds import frameworks
from search.facts import Fact
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


def history(judgements: list[Fact]) -> dict[str, object]:
    """A table of grades: a row a domain, a column an inspection, oldest first."""
    events = grades_by_event(judgements)
    events = dict(sorted(events.items(), key=lambda pair: _began(pair[1])))
    by_domain = sorted(judgements, key=_domain_order)
    domains = list(dict.fromkeys(fact["domain_label"] for fact in by_domain))
    columns = [next(iter(grades.values())) for grades in events.values()]
    rows = [(domain, [grades.get(domain) for grades in events.values()]) for domain in domains]
    return {"columns": columns, "rows": rows}


@blueprint.get("/inspections")
def inspections() -> ResponseReturnValue:
    """Inspections that are loaded, newest first, and the history of a single council."""
    generation, number = opened(), page_number()
    checkboxes, chips = authority_filter(generation)
    paging = Paging(number, generation.facts.count("inspections", filters()))
    found = generation.facts.list("inspections", PER_PAGE, paging.offset, filters())
    judgements = generation.facts.list("judgements", filters=filters())
    return render_template(
        "inspections.html",
        inspections=found,
        grades=grades_by_event(judgements),
        history=history(judgements) if one_authority(generation) and judgements else None,
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
