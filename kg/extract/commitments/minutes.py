"""What a committee resolved, and the actions that its minutes give to somebody."""

from __future__ import annotations

import re

from kg.extract.bodies import home
from kg.extract.commitments import rows
from kg.extract.commitments.found import Found, Place
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rules import cues, matches
from kg.extract.flat import Flat
from kg.model import Document

_BLANK = " :-."


class Minutes:
    """Keeps in mind whether resolutions are being listed."""

    def __init__(self, document: Document, parties: Parties) -> None:
        self._parties = parties
        self._where = home(document)
        self._open = False
        self._log: rows.Log | None = None
        self._last = ""

    def read(self, place: Place, count: int) -> list[Found] | None:
        """The resolution or action of one block."""
        if len(place.cells) > 1:
            return self._row(place)
        rules, self._log = cues().resolutions, None
        opened = re.match(rules.opens, place.text, re.I)
        if place.is_heading or re.match(rules.ends, place.text, re.I):
            self._open = False
            return None
        if re.match(rules.action, place.text, re.I):
            self._open = False
            return self._found("action", place, 0)
        if opened:
            self._open = True
            return self._found("resolution", place, opened.end())
        if self._open or _is_resolution(place.text):
            return self._found("resolution", place, 0)
        return None

    def _row(self, place: Place) -> list[Found] | None:
        """An action of a log, or the resolution in a row with whose it is beside it."""
        self._open = False
        if log := rows.log_of(place.cells):
            self._log = log
            return []
        if self._log and len(place.cells) > max(self._log.action, self._log.owner):
            return self._logged(place, self._log)
        rules = cues().resolutions
        for i, cell in enumerate(place.cells):
            if re.match(rules.opens, cell.text, re.I) or _is_resolution(cell.text):
                beside = place.cells[i + 1 :]
                owners = (rows.owner_of(other, self._where) for other in beside)
                of = rows.asked_of(cell, self._where) or next(filter(None, owners), None)
                due = self._parties.later(rows.due_of(cell))
                of = of or self._parties.committee
                return [Found("resolution", *cell.span(0, len(cell.text)), of, due=due)]
        return None

    def _logged(self, place: Place, log: rows.Log) -> list[Found]:
        def cell(column: int | None) -> Flat | None:
            return None if column is None or column >= len(place.cells) else place.cells[column]

        action, owner, due = cell(log.action), cell(log.owner), cell(log.due)
        if action is None or owner is None or not action.text:
            return []
        of = rows.owner_of(owner, self._where) or self._parties.committee
        span = action.span(0, len(action.text))
        return [Found("action", *span, of, due=rows.due_of(due) if due else None)]

    def _found(self, kind: str, place: Place, start: int) -> list[Found]:
        rest = place.text[start:]
        first = start + len(rest) - len(rest.lstrip(_BLANK))
        if first >= len(place.text):
            return []
        if kind == "resolution":
            again, self._last = rest == self._last, rest
            if again:
                return []
        of = self._asked(place, titles=kind == "action") or self._parties.committee
        span = place.line.span(first, len(place.text))
        return [Found(kind, *span, of, due=self._parties.due(*place.sentences))]

    def _asked(self, place: Place, titles: bool) -> str | None:
        """Whom a resolution asks, or whom an action names."""
        for sentence in place.sentences:
            for match in matches(sentence, cues().asked()):
                return match.of
            titled = (entity.name for entity in sentence.entities if entity.kind == "P")
            if titles and (name := next(titled, None)):
                return name
        return None


def _is_resolution(text: str) -> bool:
    return any(re.search(rule, text, re.I) for rule in cues().resolutions.sentences)
