"""The quality page: what the last evaluation measured, against which labels, and what it means."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from server.pages import blueprint
from server.quality import shipped


@blueprint.get("/quality")
def quality() -> ResponseReturnValue:
    """Every measure of the evaluation that came with this version."""
    return render_template("text/quality.html", quality=shipped())
