"""The same problem at other authorities: likeness, not identity.

Issues are alike when they are one known problem (``fg:problem``), whatever they are called.
How often a problem is raised tells little without its base, the reports that looked at its
theme at all; both are counted for the authorities of the region, for statistical neighbours,
and year by year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kg.gazetteer import authorities
from search.facts import Fact, Facts, Filters, every
from search.repeated import repeated

Issue = dict[str, Any]


def elsewhere(facts: Facts, issue: Issue) -> dict[str, Any]:
    """Where else the problem of ``issue`` recurs, and how often its theme was raised."""
    here, theme = issue["authority"], issue["themes"][0]
    alike = [
        _other(other, here)
        for other in repeated(facts)
        if issue["problem"]
        and other["problem"] == issue["problem"]
        and other["authority"] not in (here, None)
    ]
    looked = facts.remembered(f"looked at {theme}", lambda: _looked(facts, theme))
    return {
        "theme": theme,
        "issues": sorted(alike, key=lambda one: (not one["relations"], one["authority"])),
        "groups": [
            _share(name, [row for row in looked if row["authority"] in members])
            for name, members in _groups(here, looked).items()
        ],
        "years": _years(looked),
    }


def _looked(facts: Facts, theme: str) -> list[Fact]:
    """Reports that made any finding on a theme."""
    return list(every(facts, "looked", Filters(theme=(theme,))))


def _other(issue: Issue, here: str | None) -> Issue:
    """Another authority's issue, and how that authority stands to ours."""
    named = ("id", "label", "authority", "authority_label", "first", "last", "status")
    relations = [name for name, members in _near(here).items() if issue["authority"] in members]
    events = {one["event"] for one in issue["occurrences"]}
    return {**{n: issue[n] for n in named}, "events": len(events), "relations": relations}


def _near(here: str | None) -> dict[str, frozenset[str]]:
    """The authorities of the same region, and the statistical neighbours."""
    known = authorities()
    if here is None or here not in known:
        return {}
    region = known[here].region
    return {
        "region": frozenset(s for s, one in known.items() if one.region == region and s != here),
        "statistical neighbours": frozenset(known[here].neighbours),
    }


def _groups(here: str | None, looked: Iterable[Fact]) -> dict[str, frozenset[str]]:
    every_one = frozenset(row["authority"] for row in looked)
    own = {"this council": frozenset({here})} if here else {}
    return {**own, **_near(here), "all loaded": every_one}


def _share(name: str, rows: list[Fact]) -> dict[str, Any]:
    """Reports that raised a weakness on the theme, of those that looked at it."""
    return {
        "group": name,
        "raised": len({row["iri"] for row in rows if row["weaknesses"]}),
        "base": len({row["iri"] for row in rows}),
        "authorities": len({row["authority"] for row in rows}),
    }


def _years(rows: list[Fact]) -> list[dict[str, Any]]:
    by_year: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        if row["date"]:
            by_year[row["date"][:4]].append(row)
    shares = ((year, _share(year, found)) for year, found in sorted(by_year.items()))
    return [{"year": year, "raised": s["raised"], "base": s["base"]} for year, s in shares]
