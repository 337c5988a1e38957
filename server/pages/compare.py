"""Two events of one council side by side: what is repeated, new, gone, or was not looked at."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kg.errors import QueryError
from search.compare import compare
from search.facts import Fact, Filters, every
from search.opened import Opened
from server.errors import not_found
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import values
from server.words import date_words

PARTS = (
    ("new", "New", "Weaknesses that the later event raised and the earlier one did not."),
    (
        "no_longer_found",
        "No longer found",
        "The later event looked at these themes and did not raise the weakness again.",
    ),
    (
        "not_looked_at",
        "Not looked at this time",
        "The later event did not look at these themes. Silence is not improvement.",
    ),
)
"""The parts of a comparison after the repeated ones: field, heading, what it means."""


@blueprint.get("/compare")
def comparison() -> ResponseReturnValue:
    """The choice of two events, and what became of the weaknesses of the earlier."""
    generation = opened()
    chosen = request.args.get("earlier", ""), request.args.get("later", "")
    events = _events(generation)
    return render_template(
        "compare.html",
        choices=[_choices(events, value) for value in chosen],
        found=_compared(generation, *chosen) if all(chosen) else None,
        parts=PARTS,
    )


def _compared(generation: Opened, earlier: str, later: str) -> dict[str, Any]:
    try:
        return compare(generation.facts, earlier, later)
    except QueryError as unknown:
        raise not_found(f"event {earlier} or {later}") from unknown


def _events(generation: Opened) -> list[Fact]:
    """Events that a loaded document reports, of the request's councils where it names some;
    council by council, oldest first."""
    chosen = Filters(authority=tuple(values("authority")))
    found = (row for row in every(generation.facts, "events", chosen) if not row["only_mentioned"])
    return sorted(found, key=lambda row: (row["authority_label"] or "", row["date"] or ""))


def _choices(events: list[Fact], chosen: str) -> list[dict[str, Any]]:
    first = {"value": "", "text": "Choose an event", "selected": not chosen}
    rest = [
        {"value": row["iri"], "text": _name(row), "selected": row["iri"] == chosen}
        for row in events
    ]
    return [first, *rest]


def _name(row: Fact) -> str:
    told = (row["authority_label"], row["kind_label"], date_words(row["date"]))
    return ", ".join(filter(None, told))
