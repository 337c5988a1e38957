"""What a committee resolved, and the actions that its minutes give to somebody."""

from __future__ import annotations

import re

from kg.extract.commitments.found import Found, Place
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rules import cues, matches

_BLANK = " :-."


class Minutes:
    """Keeps in mind whether resolutions are being listed."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._open = False

    def read(self, place: Place, count: int) -> list[Found] | None:
        """The resolution or action of one block."""
        rules = cues().resolutions
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
        if self._open or any(re.search(rule, place.text, re.I) for rule in rules.sentences):
            return self._found("resolution", place, 0)
        return None

    def _found(self, kind: str, place: Place, start: int) -> list[Found]:
        rest = place.text[start:]
        first = start + len(rest) - len(rest.lstrip(_BLANK))
        if first >= len(place.text):
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
