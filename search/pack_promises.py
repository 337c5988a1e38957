"""The parts of the meeting pack on commitments: those with a date, and those of the period."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import msgspec

from kg.dates import earliest
from search.commitments import Evidence, State, themes_of
from search.facts import Fact
from search.fold import groups
from search.ordered import Bearing
from search.pack_parts import Line, Material, Speech, Wanted, wording

MOST = 20

Note = Callable[[Fact], int]


class Told(msgspec.Struct, frozen=True):
    """A row with what a question about it is made of."""

    line: Line
    state: State
    row: Fact


class Promises:
    """Reads the commitments of one authority for the pack that is wanted."""

    def __init__(self, found: Material, wanted: Wanted, speech: Speech, note: Note) -> None:
        self._found, self._wanted, self._speech, self._note = found, wanted, speech, note
        known = [row for row in found.findings if wanted.before_end(row["date"])]
        self._known = {row["iri"]: row for row in known}
        self._evidence = Evidence(
            Bearing(row["iri"], row["date"], row["main_theme"], row["authority"] or "")
            for row in known
            if row["main_theme"]
        )

    def due(self) -> tuple[list[Told], int]:
        """Those with a date up to the end of the period, latest date first; how many more."""
        fit = [row for row in self._fitting() if self._wanted.before_end(row["due"])]
        fit.sort(key=lambda row: (earliest(row["due"]), row["due"]), reverse=True)
        told = [same for _, due in groupby(fit, lambda row: row["due"]) for same in _folded([*due])]
        return [self._due(same) for same in told[:MOST]], max(0, len(told) - MOST)

    def made(self) -> tuple[list[Line], int]:
        """Those without a date that documents of the period set down; how many more."""
        fit = [
            row
            for row in self._fitting()
            if not row["due"] and self._wanted.within(row["published_on"])
        ]
        told = _folded(fit)
        return [self._made(same) for same in told[:MOST]], max(0, len(told) - MOST)

    def _fitting(self) -> list[Fact]:
        """Commitments whose words name a theme that is wanted, or none at all."""
        return [
            row
            for row in self._found.commitments
            if not (themes := themes_of(row["quote"])) or self._wanted.fits(themes)
        ]

    def _due(self, same: list[Fact]) -> Told:
        """One commitment, at all places that word it alike."""
        row = same[0]
        standing = self._evidence.standing(row, self._wanted.today)
        later = (self._known[iri] for iri in standing.later)
        notes = tuple(self._note(one) for one in (*same, *later))
        cells = (self._speech.dates(row["due"]), _whom(row), row["quote"])
        line = Line((*cells, wording().due[standing.state]), notes)
        return Told(line, standing.state, row)

    def _made(self, same: list[Fact]) -> Line:
        row, notes = same[0], tuple(self._note(one) for one in same)
        kind = self._speech.label("commitment-kind", row["kind"])
        when = self._speech.dates(row["published_on"])
        return Line((when, kind, _whom(row), row["quote"]), notes)


def _whom(row: Fact) -> str:
    return row["of_whom"] or "nobody named"


def _folded(rows: list[Fact]) -> list[list[Fact]]:
    """Rows whose words repeat one another, together."""
    found = groups([row["quote"] for row in rows], len(rows))
    return [[rows[number] for number in same] for same in found]
