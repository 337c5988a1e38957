"""Figures: series as charts with their tables, arithmetic that was checked, and the list."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from search.facts import every
from search.series import series
from server.charts.series import series_chart
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import filters, one_authority
from server.pages.lists import listed

CHECKED = ("computed", "number")
"""Kinds of disagreements that arithmetic found."""


@blueprint.get("/figures")
def figures() -> ResponseReturnValue:
    """The series of one council, and the figures of all under the request's filters."""
    facts, wanted = opened().facts, filters()
    authority = one_authority(opened())
    found = series(every(facts, "figures", wanted)) if authority else []
    checks = [d for d in facts.list("disagreements", filters=wanted) if d["kind"] in CHECKED]
    return render_template(
        "figures.html",
        **listed("figures"),
        drawn=[(one, series_chart(one)) for one in found],
        checks=checks,
        authority=authority,
    )
