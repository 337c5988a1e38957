"""Commitments that are one sentence: what is recommended, what leaders say will be done."""

from __future__ import annotations

import re

from kg.extract.commitments.clauses import Clauses
from kg.extract.commitments.found import Found, Place
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rules import cues, due_of, matches
from kg.extract.masked import Masked
from kg.model import Document

_LABEL = 60


class Sentences:
    """Reads sentences by the rules that hold in the document's kind."""

    def __init__(self, document: Document, parties: Parties) -> None:
        kind = document.identity.kind
        self._parties = parties
        self._rules = [rule for rule in cues().sentences if rule.holds_in(kind)]
        self._numbered = kind.startswith("statutory")
        self.clauses = Clauses()

    def read(self, place: Place) -> list[Found]:
        """The commitments of a block that opens or continues no list."""
        if place.block.kind in ("heading", "title", "table") or _is_label(place.text):
            return []
        found = [
            self.of(sentence, place)
            for sentence in place.sentences
            if not any(re.search(rule, sentence.text, re.I) for rule in cues().not_)
        ]
        return [each for each in found if each]

    def of(self, sentence: Masked, place: Place) -> Found | None:
        """The commitment of one sentence, by the first rule that fits."""
        for rule in self._rules:
            for match in matches(sentence, rule.templates()):
                return Found(
                    rule.kind,
                    sentence.start,
                    sentence.end,
                    self._parties.whose(rule.of, match.of, place),
                    self._parties.later(match.due or due_of(sentence)),
                    self.clauses.here if self._numbered else "",
                )
        return None

    def effect(self, place: Place) -> str | None:
        """Whose act a clause is that revokes, or says when a direction takes effect."""
        for rule in self._rules:
            if (rule.kind, rule.of) == ("requirement", "decider"):
                for sentence in place.sentences:
                    if list(matches(sentence, rule.templates())):
                        return self._parties.decider
        return None


def _is_label(text: str) -> bool:
    """A few words without a full stop: a title, not a sentence."""
    return len(text) < _LABEL and text.rstrip()[-1:] not in ".;!?:"
