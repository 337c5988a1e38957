"""How a commitment stands on a day, as far as the documents tell; silence is never "not done".

done         a document of that day or earlier reports it done
superseded   one of that day or earlier revokes it or puts another in its place
due          its date lies ahead
later        its date passed; later findings bear on its theme
none         its date passed; no later finding bears on its theme
unknown      its date passed; its words name no theme by which findings could be matched
undated      the document sets no date
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal
from weakref import WeakKeyDictionary

import msgspec

from kg.dates import earliest, latest
from kg.extract.findings.lexicon import theme_labels_index
from search.facts import Fact, Facts
from search.ordered import Bearing

State = Literal["done", "superseded", "due", "later", "none", "unknown", "undated"]
STATES: tuple[State, ...] = ("done", "superseded", "due", "later", "none", "unknown", "undated")

SETTLED: dict[str, State] = {
    "fulfilled": "done",
    "revoked": "superseded",
    "superseded": "superseded",
}
"""Changes after which nothing more is due; one that is varied or goes on stands as before."""

MOST_LATER = 2
"""Later findings that are shown of one commitment."""


class Standing(msgspec.Struct, frozen=True):
    """How a commitment stands, the statement that settles it (a row of its ``changes``), and
    the IRIs of later findings that bear on it, latest first."""

    state: State
    later: tuple[str, ...] = ()
    said: Fact | None = None


@lru_cache(maxsize=20_000)
def themes_of(text: str) -> frozenset[str]:
    """Themes that a text names by what they are called."""
    return frozenset(hit.group for hit in theme_labels_index().find(text))


class Evidence:
    """Findings by authority and theme, latest first: what may bear on a commitment."""

    def __init__(self, findings: Iterable[Bearing]) -> None:
        self._by_theme: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for found in findings:
            self._by_theme[found.authority, found.theme].append((earliest(found.date), found.iri))
        for held in self._by_theme.values():
            held.sort(reverse=True)

    def standing(self, row: Fact, day: str) -> Standing:
        """How a commitment stands on an ISO day."""
        said = _last_said(row, day)
        if said and (settled := SETTLED.get(said["change"])):
            return Standing(settled, said=said)
        if not row["due"]:
            return Standing("undated")
        end = latest(row["due"])
        if not end or end >= day:
            return Standing("due")
        themes = themes_of(row["quote"])
        if not themes:
            return Standing("unknown")
        later = self._later(row["authority"] or "", themes, end, day)
        return Standing("later" if later else "none", later)

    def _later(
        self, authority: str, themes: Iterable[str], after: str, until: str
    ) -> tuple[str, ...]:
        found = {
            (on, iri)
            for theme in themes
            for on, iri in self._by_theme.get((authority, theme), ())
            if after < on <= until
        }
        return tuple(iri for _, iri in sorted(found, reverse=True)[:MOST_LATER])


_kept: WeakKeyDictionary[Facts, Evidence] = WeakKeyDictionary()
"""What each generation's findings tell; it goes when the generation does."""


def evidence(facts: Facts) -> Evidence:
    """The findings of a generation, ready to be looked up."""
    found = _kept.get(facts)
    if found is None:
        found = _kept[facts] = Evidence(facts.ordered("findings").bearing())
    return found


def later_findings(facts: Facts, standings: Iterable[Standing]) -> dict[str, Fact]:
    """The rows of the findings that standings name, by IRI."""
    named = dict.fromkeys(iri for one in standings for iri in one.later)
    return {f"{facts.base}id/{row['iri']}": row for row in facts.of("findings", list(named))}


def _last_said(row: Fact, day: str) -> Fact | None:
    """What documents of the day or earlier say last of what became of it."""
    known = [each for each in row.get("changes", ()) if each["date"] and _on(each) <= day]
    return max(
        known, key=lambda each: (_on(each), each["document"]["id"], each["start"]), default=None
    )


def _on(said: Fact) -> str:
    return earliest(said["date"])


def made_by(rows: Iterable[Fact], day: str) -> list[Fact]:
    """Commitments of documents that were there on a day; those without a date count."""
    return [row for row in rows if not row["published_on"] or earliest(row["published_on"]) <= day]
