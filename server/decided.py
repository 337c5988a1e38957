"""What people decided about an issue: in effect already, or with the next build."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from flask import current_app

from kg import corrections
from kg.changes import one_issue
from kg.corrections import Correction, Taken
from search.opened import Opened
from server.settings import Settings

Issue = dict[str, Any]


class Words(msgspec.Struct, frozen=True):
    """Words of a loaded document that a decision names."""

    document: str
    quote: str
    start: int
    end: int


class Decision(msgspec.Struct, frozen=True):
    """A decision; ``pending`` while no build has taken it in, or its undoing, ``words`` what it
    names, ``undone`` the decision that took it back, ``key`` what names it in a form."""

    action: str
    by: str
    when: str
    why: str
    label: str
    pending: bool
    words: tuple[Words, ...] = ()
    undone: Correction | None = None
    key: str = ""


def decisions(generation: Opened, issue: Issue) -> list[Decision]:
    """What the file and the graph tell of decisions on an issue, in order."""
    home = _home()
    current = generation.generation.manifest.graph.rpartition(":")[2] == corrections.version(home)
    applied = {_key(one) for one in issue["corrections"]}
    found = [
        _decision(generation, one, pending=not current and _is_due(one, applied))
        for one in taken(generation, issue)
    ]
    known = {(one.action, one.by, one.when, one.why) for one in found}
    return [_from_graph(one) for one in issue["corrections"] if _key(one) not in known] + found


def taken(generation: Opened, issue: Issue) -> list[Taken]:
    """The decisions of the file that concern an issue, in order, undone or not."""
    every = corrections.history(corrections.load(_home()))
    return [one for one in every if _concerns(generation, one.decision, issue)]


def key(decision: Correction) -> str:
    """What names a decision in a form: the same words in the same file give the same."""
    return hashlib.sha256(msgspec.json.encode(decision)).hexdigest()[:16]


def is_confirmed(issue: Issue) -> bool:
    """Whether a person decided that it is one problem."""
    return any(one["action"] in ("confirm", "merge", "split") for one in issue["corrections"])


def _home() -> Any:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data


def _concerns(generation: Opened, one: Correction, issue: Issue) -> bool:
    """Whether a decision was recorded on the issue's page, or names a finding of the issue."""
    if one.issue and one.issue in one_issue(generation.changes, issue["id"]):
        return True
    said = [(o["document"]["id"], o["quote"]) for o in issue["occurrences"]]
    return any(place.fits(*words) for place in one.findings for words in said)


def _is_due(one: Taken, applied: set[tuple[str, str, str, str]]) -> bool:
    """Whether the graph that is served lacks a decision, or holds one that was undone."""
    return (_key(_told(one.decision)) in applied) == (one.undone is not None)


def _told(one: Correction) -> dict[str, Any]:
    told = {"action": one.action, "by": one.by, "why": one.why}
    return {**told, "when": one.when.isoformat()}


def _key(one: dict[str, Any]) -> tuple[str, str, str, str]:
    return one["action"], one["by"], str(one["when"]), one["why"] or ""


def _from_graph(one: dict[str, Any]) -> Decision:
    return Decision(one["action"], one["by"], str(one["when"]), one["why"] or "", "", False)


def _decision(generation: Opened, taken: Taken, *, pending: bool) -> Decision:
    one = taken.decision
    words = () if one.action == "confirm" else tuple(_words(generation, one))
    when, undone = one.when.isoformat(), taken.undone
    told = one.action, one.by, when, one.why, one.label, pending, words
    return Decision(*told, undone, "" if undone else key(one))


def _words(generation: Opened, one: Correction) -> list[Words]:
    """The words that a decision names, where their document is loaded and holds them."""
    found = []
    for place in one.findings:
        text = generation.catalogue.text(place.document) or ""
        start = text.find(place.quote)
        if start >= 0:
            found.append(Words(place.document, place.quote, start, start + len(place.quote)))
    return found
