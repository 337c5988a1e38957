"""Which rows of a form are near the topic: by the sentences that their places overlap.

The sentences have been compared with the topic already, so no text is embedded again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyoxigraph as ox

from search.ask.evidence import Evidence
from search.graph import Row

LEAST, BELOW = 0.38, 0.10
"""Score that a row needs, unless a form says otherwise, and how far below the best it may lie."""


class Nearness:
    """The scores of places by the sentences found for one topic."""

    def __init__(self, evidence: Sequence[Evidence], base: str) -> None:
        self._head = f"{base}id/span/"
        self._by_document: dict[str, list[Evidence]] = defaultdict(list)
        for each in evidence:
            self._by_document[each.document.id].append(each)

    def of(self, span: str) -> float:
        """The best score of the sentences that a span overlaps; 0 where none was found."""
        document, _, place = span.removeprefix(self._head).rpartition("/")
        start, _, end = place.partition("-")
        return max(
            (
                each.score
                for each in self._by_document.get(document, ())
                if each.start < int(end) and int(start) < each.end
            ),
            default=0.0,
        )

    def nearest(self, rows: Sequence[Row], variable: str, least: float = LEAST) -> list[Row]:
        """Rows near the topic, nearest first; ``least`` is the score that one needs."""
        scored = [(self._score(row, variable), at) for at, row in enumerate(rows)]
        best = max((score for score, _ in scored), default=0.0)
        kept = [(s, at) for s, at in scored if s >= max(least, best - BELOW)]
        return [rows[at] for _, at in sorted(kept, key=lambda pair: (-pair[0], pair[1]))]

    def _score(self, row: Row, variable: str) -> float:
        term = row.get(variable)
        return self.of(term.value) if isinstance(term, ox.NamedNode) else 0.0
