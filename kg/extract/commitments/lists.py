"""Lists whose items are commitments: clauses, duties, recommendations, areas to improve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.commitments.clauses import is_marked
from kg.extract.commitments.found import Found, Place
from kg.extract.commitments.parties import Parties
from kg.extract.commitments.rules import ListRule, cues, heading_of, opening
from kg.extract.commitments.sentences import Sentences
from kg.model import Document

_SIGNED = re.compile(r"^(?:Signed\b|Yours (?:sincerely|faithfully)|Dated\b|on behalf of)", re.I)
_SPLIT = re.compile(r"(?<=;) (?=(?!and\b|or\b)[a-z]+ [a-z-]+ )|\n\s*[-•*–]\s+")
_SPLIT_BULLET = re.compile(rf"(?<=;) and (?=[a-z]+ )|{_SPLIT.pattern}")
_VERB = re.compile(r"(?:To [a-z]|[A-Z][a-z]+ing\b)")
_ASKS = re.compile(r"\b(?:must|shall)\b.{25,}:$")
_FIRST = re.compile(r"(?:R\d+\. )?(?:the |that the )?<[OP](\d+)>", re.I)


@dataclass(frozen=True)
class _Open:
    """The list that is open; under a heading it lasts to the next heading.

    ``outer`` is the headed list in which a numbered item ("3. The Council shall:") opened it.
    """

    kind: str
    of: str | None
    level: int
    headed: bool = False
    outer: _Open | None = None


class Lists:
    """Keeps in mind which list is open."""

    def __init__(self, document: Document, parties: Parties, sentences: Sentences) -> None:
        self._document = document
        self._kind = document.identity.kind
        self._parties = parties
        self._sentences = sentences
        self._list: _Open | None = None

    def read(self, place: Place, count: int) -> list[Found] | None:
        """The items of one block, none when it only opens a list."""
        self._sentences.clauses.follow(place)
        heading = heading_of(self._kind, place.text)
        if heading:
            of = self._parties.whose(heading.of, None, place)
            self._list = _Open(heading.kind, of, 0, headed=True)
            return []
        if _SIGNED.match(place.text) or place.block.kind in ("heading", "title"):
            self._list = None
            return None
        if opened := self._opened(place):
            return self._opening(place, *opened)
        if self._list and self._list.outer and not self._is_inner(place, self._list):
            self._list = self._list.outer
        if self._list and self._is_item(place, self._list):
            return self._continued(place, self._list)
        self._list = self._list if self._list and self._list.headed else None
        return None

    def _opened(self, place: Place) -> tuple[ListRule, str | None] | None:
        for sentence in place.sentences[-1:]:
            for rule in cues().lists:
                match = opening(rule, sentence) if rule.holds_in(self._kind) else None
                if match:
                    return rule, self._parties.whose(rule.of, match.of, place)
        return None

    def _opening(self, place: Place, rule: ListRule, of: str | None) -> list[Found]:
        """A block that opens a list, and may itself ask for something."""
        old, level = self._list, place.block.level
        outer = (old if old.headed else old.outer) if old else None
        self._list = _Open(rule.kind, of, level, outer=outer)
        inside = old and old.kind == rule.kind and not old.headed and level > old.level
        asks = place.block.kind == "numbered" and _ASKS.search(place.text)
        return self._items(place, rule.kind, of) if inside or asks else []

    def _continued(self, place: Place, opened: _Open) -> list[Found]:
        if decider := self._sentences.effect(place):
            return self._items(place, "requirement", decider)
        if opened.headed and (other := self._other(place, opened)):
            return [other]
        found = self._items(place, opened.kind, opened.of)
        if opened.kind in ("duty", "requirement"):
            more = (self._sentences.of(sentence, place) for sentence in place.sentences[1:])
            found += [each for each in more if each]
        return found

    def _other(self, place: Place, opened: _Open) -> Found | None:
        """What a clause under a heading asks of somebody else ("The Commissioner shall …")."""
        said = self._sentences.of(place.sentences[0], place) if place.sentences else None
        return said if said and said.kind not in (opened.kind, "undertaking") else None

    @staticmethod
    def _is_inner(place: Place, opened: _Open) -> bool:
        """Whether a block stands below the clause that opened a list in a headed one."""
        return place.block.level > opened.level or place.block.kind == "bullet"

    @staticmethod
    def _is_item(place: Place, opened: _Open) -> bool:
        kind = place.block.kind
        if opened.headed:
            return kind == "numbered" or is_marked(place.text)
        unmarked = kind == "paragraph" and bool(_VERB.match(place.text))
        return kind in ("numbered", "bullet") or unmarked

    def _items(self, place: Place, kind: str, of: str | None) -> list[Found]:
        named = self._named(place) if kind == "recommendation" else None
        due, clause = self._parties.due(*place.sentences), self._sentences.clauses.here
        return [Found(kind, *span, named or of, due, clause) for span in self._pieces(place)]

    def _pieces(self, place: Place) -> Iterator[tuple[int, int]]:
        """The spans of the items that one block holds."""
        block = place.block
        text = self._document.text[block.start : block.end]
        start = 0
        for piece in (_SPLIT_BULLET if block.kind == "bullet" else _SPLIT).split(text):
            at = text.index(piece, start)
            start = at + len(piece)
            if piece.strip() and not piece.startswith("which "):
                yield block.start + at, block.start + at + len(piece.rstrip())

    @staticmethod
    def _named(place: Place) -> str | None:
        """Of whom a recommendation is that begins with a body or post."""
        for sentence in place.sentences:
            if match := _FIRST.match(sentence.text):
                return sentence.entities[int(match[1])].name
        return None
