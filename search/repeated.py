"""Findings that keep coming back: each issue with its occurrences, in whose words, since when.

>>> repeated(facts)[0]                                  # doctest: +SKIP
{"id": …, "label": …, "problem": …, "themes": […], "authority": …, "first": …, "last": …,
 "status": …,
 "occurrences": [{"finding", "document", "event", "date", "quote", …}], "explicit": […],
 "corrections": [{"action", "by", "when", "why", "findings": [{"finding", …}]}]}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from search.facts import Fact, Facts, every

_ISSUE = (
    "id",
    "label",
    "problem",
    "authority",
    "authority_label",
    "first",
    "last",
    "status",
    "strength",
)
_DECISION = ("action", "by", "when", "why")
_OCCURRENCE = ("document", "event", "event_label", "date", "quote", "start", "end")


def repeated(facts: Facts, authority: str | None = None) -> list[dict[str, Any]]:
    """The issues of one authority (by slug) or of all, strongest first."""
    issues = facts.remembered("issues", lambda: _all(facts))
    return [one for one in issues if authority is None or one["authority"] == authority]


def _all(facts: Facts) -> list[dict[str, Any]]:
    raised = _by_issue(every(facts, "occurrences"))
    said = _by_issue(every(facts, "explicit_repeats"))
    decided = _by_issue(every(facts, "corrections"))
    named = _by_decision(every(facts, "corrected_findings"))
    return [
        {
            **_issue(row),
            "occurrences": [{"finding": one["id"], **_part(one)} for one in raised[row["id"]]],
            "explicit": [{"statement": one["id"], **_part(one)} for one in said[row["id"]]],
            "corrections": [_decision(one, named) for one in decided[row["id"]]],
        }
        for row in every(facts, "issues")
    ]


def _issue(row: Fact) -> dict[str, Any]:
    main = row.get("main_theme")
    rest = [theme for theme in row["themes"] if theme != main]
    return {
        **{name: row.get(name) for name in _ISSUE},
        "themes": [main, *rest] if main else rest,
        "explanation": row.get("explanation"),
    }


def _part(row: Fact) -> dict[str, Any]:
    return {name: row.get(name) for name in _OCCURRENCE}


def _decision(row: Fact, named: dict[tuple[str, str], list[Fact]]) -> dict[str, Any]:
    """What a person decided, and the findings that it names, whether they belong now or not."""
    found = named[row["issue"], row["id"]]
    return {
        **{name: row[name] for name in _DECISION},
        "findings": [{"finding": one["id"], **_part(one)} for one in found],
    }


def _by_decision(rows: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for row in rows:
        found[row["issue"], row["decision"]].append(row)
    return found


def _by_issue(rows: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        found[row["issue"]].append(row)
    return found
