"""What bears on a recurring issue: commitments, figures and reports of progress on its theme.

Likeness of theme alone: it helps a reader to find what to look at, and proves no link.
"""

from __future__ import annotations

from typing import Any

from kg.dates import earliest
from search.commitments import themes_of
from search.facts import Fact, Facts, Filters, every
from search.pack_parts import wording

Issue = dict[str, Any]

MOST = 8
"""Rows of each kind."""


def bearing(facts: Facts, issue: Issue) -> dict[str, list[Fact]]:
    """Rows of the issue's authority that bear on its main theme: by kind, latest first."""
    theme, authority = issue["themes"][0], issue["authority"]
    if not authority:
        return {"commitments": [], "figures": [], "travel": []}
    return {
        **{kind: _naming(facts, kind, authority, theme) for kind in ("commitments", "figures")},
        "travel": _travel(facts, authority, theme),
    }


def _naming(facts: Facts, kind: str, authority: str, theme: str) -> list[Fact]:
    rows = facts.remembered(f"{kind} by theme {authority}", lambda: _themed(facts, kind, authority))
    fit = [row["fact"] for row in rows if theme in row["themes"]]
    return sorted(fit, key=_dated, reverse=True)[:MOST]


def _themed(facts: Facts, kind: str, authority: str) -> list[Fact]:
    """Rows with the themes that their words name; measures that tell nothing are left out."""
    rows = every(facts, kind, Filters(authority=(authority,)))
    idle = wording().no_measures
    told = (row for row in rows if str(row.get("measure") or "").lower() not in idle)
    return [{"fact": row, "themes": themes_of(_words(row))} for row in told]


def _words(row: Fact) -> str:
    return " ".join(filter(None, (row.get("measure"), row.get("table"), row["quote"])))


def _dated(row: Fact) -> tuple[str, str]:
    when = row.get("due") or row.get("date") or row.get("published_on") or ""
    return (earliest(when) if when else ""), row["id"]


def _travel(facts: Facts, authority: str, theme: str) -> list[Fact]:
    """Findings that say which way practice on the theme has gone, oldest first."""
    rows = every(facts, "findings", Filters(authority=(authority,), theme=(theme,)))
    fit = [
        row
        for row in rows
        if row["main_theme"] == theme and (row["direction"] or row["polarity"] == "progress")
    ]
    return sorted(fit, key=_dated)[-MOST:]
