"""Posts: who held which on a day, the tenures in time with gaps and overlaps, and the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from search.facts import Fact, every
from search.tenures import gaps_and_overlaps, on_day
from server.charts.tenures import tenure_chart
from server.library import opened
from server.pages import blueprint
from server.pages.day import AskedDay, asked_day
from server.pages.filtering import filters, one_authority
from server.pages.lists import listed, lists


@blueprint.get("/posts")
def posts() -> ResponseReturnValue:
    """The tenures of one council, and the posts of all under the request's filters."""
    asked, authority = asked_day(), one_authority(opened())
    page = render_template(
        "posts.html",
        **listed("posts"),
        asked=asked,
        authority=authority,
        **(_tenures(asked) if authority else {}),
    )
    return page, 400 if asked.mistake else 200


def _tenures(asked: AskedDay) -> dict[str, Any]:
    """The tenures under the filters: drawn, listed, and read for the day that was asked."""
    generation = opened()
    tenures = list(every(generation.facts, "tenures", filters()))
    held, silent = on_day(tenures, asked.edtf) if asked.edtf else ([], [])
    newest = max((s.date for s in generation.catalogue.documents() if s.date), default=None)
    return {
        "tenures": list(_in_order(tenures)),
        "columns": lists()["tenures"].columns,
        "chart": tenure_chart(tenures, newest),
        "between": gaps_and_overlaps(tenures),
        "held": held,
        "silent": silent,
    }


def _in_order(tenures: list[Fact]) -> Iterable[Fact]:
    """Those with a date first: the chart shows them, in the same order."""
    return sorted(tenures, key=lambda t: not (t["start"] or t["end"]))
