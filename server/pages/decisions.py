"""Recording an officer's decision about an issue; there only where an operator's token is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from kg import corrections
from kg.corrections import Action, Correction, Place
from search.opened import Opened
from search.repeated import repeated
from server.addresses import thing_address
from server.decided import key, taken
from server.errors import Refused, not_found
from server.library import opened
from server.operator import require_operator
from server.pages.issue import Mistake, issue_page
from server.rebuilding import rebuilder
from server.settings import Settings

blueprint = Blueprint("decisions", __name__)

LONGEST = {"by": 80, "label": 90, "why": 500}
"""Characters of each field that people write."""

Issue = dict[str, Any]


@blueprint.post("/decisions/<path:slug>")
def record(slug: str) -> ResponseReturnValue:
    """Keep a decision, have the collection built again, and show the issue with it."""
    generation = opened()
    issue = _issue(generation, slug)
    if issue is None:
        raise not_found(f"issue {slug[:80]}")
    wrong = _refusal() or _mistake(generation, issue)
    if wrong:
        return issue_page(slug, wrong)
    settings: Settings = current_app.config["SETTINGS"]
    corrections.record(settings.data, _correction(generation, issue))
    rebuilder().ask()
    return redirect(f"{thing_address(f'issue/{slug}')}#decided", 303)


def _issue(generation: Opened, slug: str) -> Issue | None:
    return next((one for one in repeated(generation.facts) if one["id"] == slug), None)


def _refusal() -> Mistake | None:
    """A missing or wrong token as a mistake of the form; a request from elsewhere is refused."""
    try:
        require_operator()
    except Refused as refused:
        if refused.problem.status != 401:
            raise
        return Mistake("operator-token", refused.problem.title, 401)
    return None


def _mistake(generation: Opened, issue: Issue) -> Mistake | None:
    form, action = request.form, request.form.get("action", "")
    chosen, other = _chosen(issue), form.get("other", "")
    if action not in get_args(Action):
        return Mistake("action", "Choose what you decided")
    for field, most in LONGEST.items():
        if len(form.get(field, "")) > most:
            return Mistake(field, f"Use at most {most} characters")
    if not form.get("by", "").strip():
        return Mistake("by", "Write the role of who decided, such as scrutiny officer")
    if action in ("reject", "split") and not chosen:
        return Mistake("finding", "Choose the findings that do not belong here")
    if action == "split" and len(chosen) == len(issue["occurrences"]):
        return Mistake("finding", "Leave at least one finding here")
    if action == "relabel" and not form.get("label", "").strip():
        return Mistake("label", "Write the new name")
    if action == "undo" and _decision(generation, issue) is None:
        stand = any(one.undone is None for one in taken(generation, issue))
        field = "decision" if stand else "action"
        return Mistake(field, "Choose the decision to undo")
    if action == "merge" and (other == issue["id"] or _issue(generation, other) is None):
        return Mistake("other", "Choose the other repeated finding")
    return None


def _chosen(issue: Issue) -> list[Issue]:
    wanted = set(request.form.getlist("finding"))
    return [one for one in issue["occurrences"] if one["finding"] in wanted]


def _decision(generation: Opened, issue: Issue) -> Correction | None:
    """The decision that the form names, where it stands."""
    named = request.form.get("decision", "")
    stand = (one.decision for one in taken(generation, issue) if one.undone is None)
    return next((one for one in stand if key(one) == named), None)


def _correction(generation: Opened, issue: Issue) -> Correction:
    """The decision of a form without mistakes."""
    form = request.form
    action: Action = form["action"]  # type: ignore[assignment]
    undone = _decision(generation, issue) if action == "undo" else None
    named: Sequence[Issue] = ()
    match action:
        case "confirm":
            named = issue["occurrences"]
        case "reject" | "split":
            named = _chosen(issue)
        case "relabel":
            named = issue["occurrences"][:1]
        case "merge":
            other = _issue(generation, form["other"]) or issue
            named = [issue["occurrences"][0], other["occurrences"][0]]
    return Correction(
        action,
        undone.findings if undone else tuple(_place(generation, one) for one in named),
        " ".join(form["by"].split()),
        date.today(),
        " ".join(form.get("label", "").split()) if action == "relabel" else "",
        " ".join(form.get("why", "").split()),
        issue["id"],
        undone.action if undone and undone.action != "undo" else None,
    )


def _place(generation: Opened, one: Issue) -> Place:
    """A finding by its document and the words that stand there, masked or not in the graph."""
    document = one["document"]["id"]
    text = generation.catalogue.text(document, one["start"], one["end"])
    return Place(document, text or one["quote"])
