"""The page of one repeated finding: each time in its own words, and what bears on it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.changes import one_issue
from search.bearing import bearing
from search.commitments import evidence
from search.elsewhere import elsewhere
from search.opened import Opened
from search.repeated import repeated as issues_of
from server import decided, words
from server.addresses import thing_address
from server.errors import not_found
from server.library import opened
from server.operator import FIELD
from server.pages.repeated import events_of
from server.rebuilding import rebuilder
from server.words import capital

Issue = dict[str, Any]


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with the form, and the field to mend."""

    field: str
    text: str
    status: int = 400


ACTIONS = (
    ("confirm", "Confirm", "It is one problem, raised each time that is listed here."),
    ("reject", "Reject", "The findings that I choose do not belong here."),
    ("split", "Split", "The findings that I choose are another problem, with a page of its own."),
    ("merge", "Merge", "It is the same problem as another repeated finding."),
    ("relabel", "Rename", "It needs another name."),
    ("undo", "Undo", "An earlier decision was wrong. It stays in the list, marked as undone."),
)
"""What can be decided: value, word, and what it means."""


def issue_page(slug: str, mistake: Mistake | None = None) -> ResponseReturnValue:
    """One issue, or the way to it by an id that it had before.

    ``mistake`` says what is wrong with the decision that was sent.
    """
    generation = opened()
    every_issue = issues_of(generation.facts)
    found = next((i for i in every_issue if i["id"] == slug), None)
    if found is None:
        return _moved(generation, slug, every_issue)
    near = bearing(generation.facts, found)
    decisions = decided.decisions(generation, found)
    page = render_template(
        "issue.html",
        issue=found,
        events=events_of(found),
        raised=[list(same) for _, same in groupby(found["occurrences"], itemgetter("event"))],
        period=" to ".join(words.date_words(found[e]) for e in ("first", "last") if found[e]),
        elsewhere=elsewhere(generation.facts, found),
        near=near,
        standings=_standings(generation, found, near["commitments"]),
        decisions=decisions,
        confirmed=decided.is_confirmed(found),
        rebuild=rebuilder().now(),
        form=_form(found, every_issue, decisions)
        if "decisions" in current_app.blueprints
        else None,
        mistake=mistake,
    )
    return page, mistake.status if mistake else 200


def _moved(generation: Opened, slug: str, every_issue: list[Issue]) -> ResponseReturnValue:
    """The way to an issue that another id names since, as when its first finding changed."""
    ids = one_issue(generation.changes, slug)
    now = next((one["id"] for one in every_issue if one["id"] in ids), None)
    if now is None:
        raise not_found(f"issue {slug}")
    return redirect(thing_address(f"issue/{now}"), 302)


def _standings(generation: Opened, issue: Issue, rows: list[Any]) -> dict[str, str]:
    """How each commitment stands today."""
    told = evidence(generation.facts)
    today = date.today().isoformat()
    return {row["id"]: told.standing(row, today).state for row in rows}


def _form(
    issue: Issue, every_issue: list[Issue], decisions: list[decided.Decision]
) -> dict[str, Any]:
    """The form of a decision as it was sent, or empty."""
    sent = request.form
    others = [
        {
            "value": one["id"],
            "text": capital(one["label"]),
            "selected": sent.get("other") == one["id"],
        }
        for one in sorted(every_issue, key=lambda one: str(one["label"]).lower())
        if one["authority"] == issue["authority"] and one["id"] != issue["id"]
    ]
    stand = [one for one in decisions if one.key]
    return {
        "action": url_for("decisions.record", slug=issue["id"]),
        "actions": [
            {"value": v, "text": text, "hint": {"text": hint}, "checked": sent.get("action") == v}
            for v, text, hint in ACTIONS
            if v != "undo" or stand
        ],
        "decisions": stand,
        "others": [{"value": "", "text": "Choose one"}, *others],
        "chosen": set(sent.getlist("finding")),
        "sent": {name: sent.get(name, "") for name in ("by", "why", "label", "decision")},
        "field": FIELD,
    }
