"""The home page: one box, what the service gives, what is loaded."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from search.repeated import repeated
from server.library import opened
from server.pages import blueprint
from server.pages.council import councils
from server.pages.repeated import events_of
from server.quality import shipped
from server.status import status

LISTED = ("inspections", "findings", "commitments", "figures", "disagreements", "missing")

STRONGEST = 5

HEADLINES = (
    ("judgements", "cells right", "Grades and dates of inspections read right"),
    ("findings, cross-validated in training", "finding F1", "Findings told from other sentences"),
    ("recurring issues", "issues right", "Repeated findings that are one problem"),
    ("recurring issues", "issues found", "Labelled repeated findings that we find"),
    ("questions", "answerable right", "Questions answered right"),
    ("questions", "unanswerable refused", "Questions rightly left without an answer"),
)
"""Measures that the home page shows: task, measure, and words for it."""


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    generation = opened()
    return render_template(
        "home.html",
        status=status(generation),
        issues=repeated(generation.facts)[:STRONGEST],
        events_of=events_of,
        councils=councils(generation),
        quality=_headlines(),
        counts={kind: generation.facts.count(kind) for kind in LISTED},
    )


def _headlines() -> tuple[str, list[tuple[str, float]]] | None:
    """The day of the last evaluation, and its main figures as shares of one."""
    found = shipped()
    if found is None:
        return None
    values = {(one.task, one.measure): one.value for one in found.figures}
    told = [
        (words, values[task, name]) for task, name, words in HEADLINES if (task, name) in values
    ]
    return found.day, told
