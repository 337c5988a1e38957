"""Score recurring issues against labelled ones, by the rules of the gold's README.

A gold issue is found when one system issue covers two of its occurrences in different
documents. A system issue that touches labelled quotations is right when two of its
occurrences in different documents fall in one gold issue. A pair that is labelled as two
problems is violated when one system issue covers both quotations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from search.evaluate.matching import Row, overlap

COVERS = 0.5
"""Share of the shorter quotation's words, in order, that makes a quotation covered."""


@dataclass
class RecurrenceScore:
    """Counts behind the three measures, with what was missed, wrong and violated."""

    gold: int = 0
    found: int = 0
    touching: int = 0
    right: int = 0
    pairs: int = 0
    kept_apart: int = 0
    status_right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Gold issues found."""
        return self.found / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        """System issues right, of those that touch a labelled quotation."""
        return self.right / self.touching if self.touching else 1.0

    @property
    def status(self) -> float:
        """Found gold issues whose status at the last mention is as labelled."""
        return self.status_right / self.found if self.found else 1.0

    @property
    def apart(self) -> float:
        """Labelled pairs of different problems that no system issue joins."""
        return self.kept_apart / self.pairs if self.pairs else 1.0


def score(gold: Sequence[Row], issues: Sequence[Row]) -> RecurrenceScore:
    """Rows of ``recurrence.jsonl`` against the issues of ``findings repeated --json``."""
    result = RecurrenceScore()
    recurring = [row for row in gold if "occurrences" in row]
    covered = [[_covered(row["occurrences"], issue) for row in recurring] for issue in issues]
    for column, row in enumerate(recurring):
        result.gold += 1
        counts = [_documents(row["occurrences"], line[column]) for line in covered]
        if max(counts, default=0) > 1:
            result.found += 1
            nearest = issues[counts.index(max(counts))]
            result.status_right += nearest.get("status") == row.get("status_at_last")
        else:
            result.missed.append(row["issue"])
    for issue, line in zip(issues, covered, strict=True):
        if any(line):
            result.touching += 1
            best = max(
                _documents(r["occurrences"], c) for r, c in zip(recurring, line, strict=True)
            )
            result.right += best > 1
            if best <= 1:
                result.wrong.append(str(issue["label"]))
    for row in gold:
        if "quotes" in row:
            result.pairs += 1
            joined = any(len(_covered(row["quotes"], issue)) > 1 for issue in issues)
            result.kept_apart += not joined
            if joined:
                result.joined.append(str(row["why"]))
    return result


def _covered(quotes: Sequence[Row], issue: Row) -> frozenset[int]:
    """Which labelled quotations an issue's occurrences cover."""
    return frozenset(
        place
        for place, quote in enumerate(quotes)
        if any(
            one["document"]["file"] == quote["doc"]
            and overlap(one["quote"], quote["quote"]) >= COVERS
            for one in issue["occurrences"]
        )
    )


def _documents(quotes: Sequence[Row], covered: frozenset[int]) -> int:
    return len({quotes[place]["doc"] for place in covered})
