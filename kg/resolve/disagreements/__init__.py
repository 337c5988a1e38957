"""Where documents answer one question in two ways, both answers with their words.

Nothing is resolved here and nothing is overwritten: a disagreement stands beside what the
entities say. Which questions have one answer is told by ``ontology/disagreements.yaml``.
Precision comes first: a difference of precision ("2018", "September 2018") is none.

    >>> Disagreements().settle(resolved)                         # doctest: +SKIP
    (Disagreement(id='disagreement/kelland/date-…', question='When did …', sides=(…, …)), …)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kg.model import Record
from kg.resolve import Resolved
from kg.resolve.disagreements import (
    chairs,
    events,
    figures,
    grades,
    positions,
    sums,
    tenures,
    trends,
)
from kg.resolve.disagreements.chairs import Chairs
from kg.resolve.disagreements.events import EventDates
from kg.resolve.disagreements.figures import Figures
from kg.resolve.disagreements.grades import Grades
from kg.resolve.disagreements.positions import Positions
from kg.resolve.disagreements.said import Page
from kg.resolve.disagreements.sums import Sums
from kg.resolve.disagreements.tenures import TenureFacts
from kg.resolve.disagreements.trends import Trends
from kg.resolve.entities import Disagreement
from kg.resolve.states import State

__all__ = ["Disagreements"]


class _Part(Protocol):
    """One kind of comparison."""

    @property
    def state(self) -> State: ...

    def see(self, page: Page) -> None: ...


class Told(State):
    """What each comparison keeps."""

    events: events.Told
    tenures: tenures.Told
    chairs: chairs.Told
    grades: grades.Told
    figures: figures.Told
    positions: positions.Told
    trends: trends.Told
    sums: sums.Told


class Disagreements:
    """Finds disagreements within and between documents; see the module."""

    def __init__(self) -> None:
        self._events, self._tenures, self._chairs = EventDates(), TenureFacts(), Chairs()
        self._grades, self._figures, self._positions = Grades(), Figures(), Positions()
        self._trends, self._sums = Trends(), Sums()
        self.state = Told(
            self._events.state,
            self._tenures.state,
            self._chairs.state,
            self._grades.state,
            self._figures.state,
            self._positions.state,
            self._trends.state,
            self._sums.state,
        )

    def see(self, record: Record) -> None:
        """Take in one document."""
        page = Page(record)
        for part in self._parts():
            part.see(page)

    def _parts(self) -> Iterator[_Part]:
        yield from (self._events, self._tenures, self._chairs, self._grades)
        yield from (self._figures, self._positions, self._trends, self._sums)

    def settle(self, resolved: Resolved) -> tuple[Disagreement, ...]:
        """The disagreements in order of id, given which references mean one thing."""
        found = {each.id: each for each in self._find(resolved)}
        return tuple(found[ident] for ident in sorted(found))

    def _find(self, known: Resolved) -> Iterator[Disagreement]:
        yield from self._events.find()
        held = known.tenures.ids
        yield from self._tenures.find(known.posts.ids, known.posts.entities, held)
        yield from self._chairs.find(known.organisations.ids, known.organisations.entities)
        yield from self._grades.find(known.events.ids, known.events.entities)
        yield from self._figures.find(known.events.ids, known.events.entities)
        yield from self._positions.find()
        yield from self._trends.find()
        yield from self._sums.find()
