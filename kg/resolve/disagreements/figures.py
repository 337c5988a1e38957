"""Figures that a sentence states against what a table of the same authority says.

A number of vacancies is compared with posts less those filled; any other count with the
column whose name stands in the sentence, on the nearest day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import NamedTuple

import msgspec

from kg.edtf import latest
from kg.model import EventClaim, FigureClaim
from kg.resolve.disagreements.rules import compiled, rules
from kg.resolve.disagreements.said import Answer, Page, Said, apart, disagreement
from kg.resolve.entities import Disagreement, Event
from kg.resolve.events import overlap
from kg.resolve.keys import EventKey, mention_key
from kg.resolve.states import State
from ontology.families import is_inspection

_COUNTED = ("per cent", "GBP", "proportion")
_AGREE = Decimal("0.01")


@dataclass
class _Row:
    """A row of a table: its day, and value, definition and words of each column."""

    day: str
    cells: dict[str, tuple[Decimal, str, Said]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Stated:
    """Numbers that a sentence states; ``event`` when it is "at the time of the inspection"."""

    said: Said
    values: tuple[tuple[Decimal, str, str], ...]
    event: EventKey | None


class Told(State):
    """By authority, else document, the rows of tables and the numbers of sentences."""

    rows: dict[str, list[_Row]] = msgspec.field(default_factory=dict)
    stated: dict[str, list[_Stated]] = msgspec.field(default_factory=dict)


class Figures:
    """Compares sentences with tables; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down the rows of tables and the numbers of sentences."""
        place = page.authority or page.document.id
        figures = list(page.claims(FigureClaim))
        cells = [f for f in figures if f.extractor.startswith("figures.tables") and f.date]
        for _, row in groupby(cells, key=lambda f: (f.table, f.start)):
            self.state.rows.setdefault(place, []).append(_row(page, list(row)))
        prose = (f for f in figures if f.extractor.startswith("figures.prose"))
        for (start, end), group in groupby(prose, key=lambda f: (f.start, f.end)):
            said = page.said(start, end)
            values = tuple(
                (value, figure.measure, figure.date or "")
                for figure in group
                if figure.unit not in _COUNTED and (value := _number(figure.value)) is not None
            )
            stated = _Stated(said, values, _event(page, said))
            self.state.stated.setdefault(place, []).append(stated)

    def find(
        self, ids: Mapping[EventKey, str], events: Mapping[str, Event]
    ) -> Iterator[Disagreement]:
        """Every number that a table contradicts."""
        for place in sorted(self.state.rows):
            for stated in self.state.stated.get(place, ()):
                when = events[ids[stated.event]].date if stated.event else None
                if compiled(rules().figures.vacancies.stated).search(stated.said.text):
                    yield from _vacancies(stated, self.state.rows[place], when)
                yield from _measures(stated, self.state.rows[place])


def _row(page: Page, cells: list[FigureClaim]) -> _Row:
    row = _Row(cells[0].date or "")
    for cell in cells:
        value = _number(cell.value)
        if value is not None:
            said = page.exactly(cell.start, cell.end)
            row.cells[cell.measure] = (value, cell.definition, said)
    return row


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _event(page: Page, said: Said) -> EventKey | None:
    """The inspection that "at the time of the inspection" means: the last one mentioned."""
    if not compiled(rules().figures.vacancies.at_event).search(said.text):
        return None
    before = [
        claim
        for claim in page.claims(EventClaim)
        if is_inspection(claim.event.kind) and claim.event.date and claim.start < said.start
    ]
    nearest = max(before, key=lambda claim: claim.start, default=None)
    return mention_key(nearest, page.document) if nearest else None


def _vacancies(stated: _Stated, rows: list[_Row], when: str | None) -> Iterator[Disagreement]:
    """Stated vacancies against those of a table, on the nearest day within reach."""
    rule, reach = rules().figures.vacancies, rules().figures.days
    numbers = [value for value, _, _ in stated.values]
    for value, _, date in stated.values:
        at = when or date
        left = [_Left(row, *found) for row in rows if at and (found := _left(row))]
        near = [each for each in left if apart(each.row.day, at) <= reach]
        if not near or any(abs(each.number - value) <= 1 for each in near):
            continue
        best = min(near, key=lambda each: (each.number not in numbers, apart(each.row.day, at)))
        one, other = Answer(stated.said, f"{value}"), Answer(_widest(best.row), f"{best.number}")
        reason = rule.reason if best.posts else rule.listed
        words = {"posts": best.posts, "filled": best.filled, "when": at, "day": best.row.day}
        definition = _defined(best.definition)
        texts = (rule.question, reason)
        yield disagreement("number", texts, one, other, **words, definition=definition)


class _Left(NamedTuple):
    """The vacancies of a row: listed, or posts less those filled, with the words of both."""

    row: _Row
    number: Decimal
    definition: str
    posts: str = ""
    filled: str = ""


def _left(row: _Row) -> tuple[Decimal, str] | tuple[Decimal, str, str, str] | None:
    """A row's own column of vacancies, else the difference where it has both columns."""
    rule = rules().figures.vacancies
    listed, posts, filled = (
        next((row.cells[name] for name in row.cells if compiled(pattern).search(name)), None)
        for pattern in (rule.stated, rule.posts, rule.filled)
    )
    if listed:
        return listed[0], listed[1]
    if posts and filled:
        return posts[0] - filled[0], posts[1], f"{posts[0]}", f"{filled[0]}"
    return None


def _widest(row: _Row) -> Said:
    """The whole row as far as its cells reach."""
    return max((said for _, _, said in row.cells.values()), key=lambda said: said.end)


def _measures(stated: _Stated, rows: list[_Row]) -> Iterator[Disagreement]:
    """A stated count against the column whose name stands in the sentence."""
    rule = rules().figures.measure
    text = stated.said.text.lower()
    for value, measure, date in stated.values:
        for row in rows:
            for name, (number, definition, said) in row.cells.items():
                if not _same_measure(name, measure, text) or not _same_time(row.day, date):
                    continue
                if _agrees(value, name, rows) or abs(number - value) <= _AGREE * abs(number):
                    continue
                one, other = Answer(stated.said, f"{value}"), Answer(said, f"{number}")
                yield disagreement(
                    "number",
                    (rule.question, rule.reason),
                    one,
                    other,
                    what=name.lower(),
                    when=date,
                    day=row.day,
                    definition=_defined(definition),
                )


def _same_measure(column: str, measure: str, sentence: str) -> bool:
    """Whether a column is named in the sentence and what the number counts is its noun."""
    words = column.lower().split()
    counted = measure.lower().split()
    return len(words) > 1 and " ".join(words) in sentence and words[-1] in counted


def _same_time(day: str, date: str) -> bool:
    """Whether a row is of the day or month of the figure; a year is too vague."""
    return len(date) in (7, 10) and overlap(day, date) and latest(day) <= latest(date)


def _agrees(value: Decimal, column: str, rows: list[_Row]) -> bool:
    """Whether the number stands in the column anywhere: then it is of another day."""
    cells = (row.cells[column][0] for row in rows if column in row.cells)
    return any(number == value for number in cells)


def _defined(definition: str) -> str:
    text = re.sub(r"\s+", " ", definition).strip().rstrip(".")
    return f"The table's note: {text}." if text else ""
