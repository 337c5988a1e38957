"""Options of a report, each with its benefits and risks sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extract.commitments.found import Found, Place
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rules import cues

_LONGEST_HEADING = 180


class Options:
    """Keeps in mind which option is told, and whether its benefits or its risks."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._option: int | None = None
        self._part: str | None = None

    def read(self, place: Place, count: int) -> list[Found] | None:
        """An option's heading, or what is said for or against it."""
        rules = cues().options
        if len(place.text) < _LONGEST_HEADING and re.match(rules.heading, place.text, re.I):
            self._option, self._part = count, None
            block = place.block
            return [Found("option", block.start, block.end, self._parties.decider)]
        if self._option is None:
            return None
        if place.block.kind != "bullet" and re.match(rules.closes, place.text, re.I):
            self._option = None
            return None
        return self._parts(place)

    def _parts(self, place: Place) -> list[Found] | None:
        start = 0
        for kind, rule in (("benefit", cues().options.benefit), ("risk", cues().options.risk)):
            if match := re.match(rule, place.text, re.I):
                self._part, start = kind, match.end()
        if self._part is None:
            return None
        spans = (place.line.span(*piece) for piece in _pieces(place.text, start))
        decider = self._parties.decider
        return [Found(self._part, *span, decider, part_of=self._option) for span in spans]


def _pieces(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The sentences of a line from ``start``."""
    at = start
    for stop in re.finditer(r"(?<=[.!?])\s+(?=[A-Z])|$", text):
        piece = text[at : stop.start()]
        first = at + len(piece) - len(piece.lstrip(" :-"))
        said = text[first : stop.start()].strip()
        if said and not said.endswith(":"):
            yield first, stop.start()
        at = stop.end()
