"""Findings as a list, and every sentence of the documents beside them.

>>> listed(opened, document)[0]                          # doctest: +SKIP
{"id": …, "document": {…}, "event": …, "date": …, "text": …, "polarity": "weakness",
 "themes": ["supervision"], "confidence": 0.93, "start": 812, "end": 903}
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kg.extract.context import Context
from kg.extract.findings import assess
from kg.sentences import sentences
from search.facts import MOST, Fact, Facts, Filters
from search.opened import Opened

Finding = dict[str, Any]
_FIELDS = (
    "id", "document", "event", "event_label", "date", "text", "polarity", "main_theme", "themes",
    "assertor", "direction", "listed", "authority", "confidence", "start", "end",
)  # fmt: skip


def listed(
    facts: Facts, document: str | None = None, limit: int = MOST, offset: int = 0
) -> list[Finding]:
    """Findings of one document, or of all, newest event first; themes have the main one first."""
    rows = facts.list("findings", limit, offset, Filters(document=(document,) if document else ()))
    return [_finding(row) for row in rows]


def every_finding(facts: Facts, document: str | None = None) -> Iterator[Finding]:
    """All findings, however many."""
    offset = 0
    while rows := listed(facts, document, MOST, offset):
        yield from rows
        offset += len(rows)
        if len(rows) < MOST:
            return


def all_sentences(opened: Opened, document: str | None = None) -> Iterator[Finding]:
    """Every sentence of one document, or of all, in order, each with ``is_finding``.

    Of a sentence that is no finding, polarity and themes are what it would say if it were
    one, so that every sentence can be compared with a reader's label.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in every_finding(opened.facts, document):
        found[finding["document"]["id"]].append(finding)
    for summary in opened.catalogue.documents():
        if document in (None, summary.id):
            yield from _sentences(opened, summary.id, found[summary.id])


def _sentences(opened: Opened, document: str, findings: list[Finding]) -> Iterator[Finding]:
    read = opened.catalogue.document(document)
    if read is None:
        return
    reference = opened.facts.reference(document)
    findings.sort(key=lambda finding: finding["start"])
    starts = [finding["start"] for finding in findings]
    for judged in assess(read, Context(sentences(read), opened.embedder)):
        start, end = judged.place.sentence.start, judged.place.sentence.end
        at = bisect_left(starts, start)
        near = findings[max(0, at - 1) : at + 2]
        hit = next((f for f in near if _same(f, start, end)), None)
        shown = hit or {
            "id": None,
            "document": reference,
            "polarity": judged.polarity,
            "themes": list(judged.themes),
            "confidence": judged.confidence,
        }
        place = {"text": read.quote(start, end), "start": start, "end": end}
        yield {**shown, **place, "is_finding": hit is not None}


def _same(finding: Finding, start: int, end: int) -> bool:
    """Whether the finding's words are most of the sentence, or the sentence most of them."""
    shared = min(finding["end"], end) - max(finding["start"], start)
    return bool(shared > 0.5 * min(end - start, finding["end"] - finding["start"]))


def _finding(row: Fact) -> Finding:
    main = row.get("main_theme")
    finding = {name: row.get(name) for name in _FIELDS}
    if main:
        finding["themes"] = [main, *(theme for theme in row["themes"] if theme != main)]
    return finding
