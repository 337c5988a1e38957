"""The home page: one box, what the service gives, what is loaded."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from server.library import opened
from server.pages import blueprint
from server.status import status

LISTED = ("inspections", "findings", "commitments", "figures", "disagreements", "missing")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    generation = opened()
    return render_template(
        "home.html",
        status=status(generation),
        counts={kind: generation.facts.count(kind) for kind in LISTED},
    )
