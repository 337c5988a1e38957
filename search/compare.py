"""Two events of one authority side by side: repeated, new, no longer found, not looked at.

Silence is not improvement. What the earlier event raised and the later did not is "no longer
found" only where the later one looked: at everything, as a full inspection does, or at the
theme, as its stated scope or its own findings show.

    compare(opened.facts, "inspection/…", "monitoring-visit/…")["not_looked_at"]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kg.errors import QueryError
from search.facts import Fact, Facts, Filters, every
from search.repeated import repeated

FULL = ("inspection", "re-inspection")
"""Kinds of events that look at everything."""

_SAID = ("id", "document", "event", "date", "quote", "start", "end", "main_theme")


def compare(facts: Facts, event_a: str, event_b: str) -> dict[str, Any]:
    """What became of the weaknesses of ``event_a`` at ``event_b``; ids as facts give them.

    :raises QueryError: for an event that no document reports or mentions.
    """
    earlier, later = _event(facts, event_a), _event(facts, event_b)
    authority = earlier["authority"] or later["authority"]
    issues = [_at(issue, event_a, event_b) for issue in repeated(facts, authority)]
    again = [issue for issue in issues if issue["earlier"] and issue["later"]]
    known = {one["finding"] for issue in again for one in (*issue["earlier"], *issue["later"])}
    looked = looked_at(facts, later)
    gone: dict[bool, list[Fact]] = defaultdict(list)
    for finding in _weaknesses(facts, event_a):
        if finding["id"] not in known:
            gone[looked is None or finding["main_theme"] in looked].append(finding)
    fresh = [finding for finding in _weaknesses(facts, event_b) if finding["id"] not in known]
    return {
        "earlier": earlier,
        "later": later,
        "looked_at": None if looked is None else sorted(looked),
        "repeated": again,
        "new": fresh,
        "no_longer_found": gone[True],
        "not_looked_at": gone[False],
    }


def looked_at(facts: Facts, event: Fact) -> frozenset[str] | None:
    """The themes that an event looked at; None for one that looks at everything."""
    if event["kind"] in FULL:
        return None
    only = Filters(authority=(event["authority"],)) if event["authority"] else Filters()
    stated = _themes(every(facts, "scopes", only), "event", event["iri"])
    return stated | _themes(every(facts, "looked", only), "iri", event["iri"])


def _themes(rows: Iterable[Fact], field: str, event: str) -> frozenset[str]:
    return frozenset(row["theme"] for row in rows if row[field] == event)


def _event(facts: Facts, ident: str) -> Fact:
    found = next((row for row in every(facts, "events") if row["iri"] == ident), None)
    if found is None:
        cure = "Choose an id of 'findings facts events'."
        raise QueryError(f"No document tells of the event '{ident}'.", cure=cure)
    return {name: found[name] for name in ("iri", "label", "kind", "date", "authority")}


def _at(issue: dict[str, Any], event_a: str, event_b: str) -> dict[str, Any]:
    """An issue with its occurrences at the two events."""
    told = issue["occurrences"]
    return {
        **{name: issue[name] for name in ("id", "label", "themes", "status")},
        "earlier": [one for one in told if one["event"] == event_a],
        "later": [one for one in told if one["event"] == event_b],
    }


def _weaknesses(facts: Facts, event: str) -> list[Fact]:
    """The weaknesses that an event raised, in the order of the text."""
    rows = every(facts, "findings", Filters(event=(event,), polarity=("weakness",)))
    found = [{name: row.get(name) for name in _SAID} for row in rows]
    return sorted(found, key=lambda row: (row["document"]["id"], row["start"]))
