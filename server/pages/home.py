"""The home page: one box, what the service gives, what is loaded."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from search.repeated import repeated
from server.library import opened
from server.pages import blueprint
from server.status import status

LISTED = ("inspections", "findings", "commitments", "figures", "disagreements", "missing")

STRONGEST = 5


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    generation = opened()
    return render_template(
        "home.html",
        status=status(generation),
        issues=repeated(generation.facts)[:STRONGEST],
        counts={kind: generation.facts.count(kind) for kind in LISTED},
    )
