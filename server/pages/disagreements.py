"""Disagreements: each question with its two answers side by side, in the documents' words."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from server.pages import blueprint
from server.pages.lists import listed


@blueprint.get("/disagreements")
def disagreements() -> ResponseReturnValue:
    """The disagreements under the request's filters, a page at a time."""
    return render_template("disagreements.html", **listed("disagreements"))
