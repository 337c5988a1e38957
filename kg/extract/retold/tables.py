"""Judgements of earlier inspections that a table of outcomes retells.

The table has a column for the inspection, one for its date and one for what came of it; a
blank cell means what stands above it. Each row's inspection is an event too. A joint
inspection gives no grades: what came of it is a judgement without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import dates, privacy
from kg.extract.flat import flatten
from kg.extract.retold.framework import framework_of
from kg.kinds import Framework, any_of, grade_of, grade_words
from kg.model import Block, Cell, Claim, Document, EventClaim, EventRef, JudgementClaim

EXTRACTOR = "retold@2"
_COLUMNS = {
    "what": re.compile(r"\b(?:inspection|type|visit|event|activity)\b", re.I),
    "when": re.compile(r"\b(?:date|when|year|month|completed)\b", re.I),
    "outcome": re.compile(r"\b(?:outcome|result|judge?ment|grade|rating|finding)s?\b", re.I),
}
_JOINT = re.compile(r"\bjoint\b|\bjtai\b", re.I)
_OVERALL = re.compile(r"\boverall\b", re.I)


@dataclass
class _Row:
    """One row of a table of outcomes, with what the rows above it leave standing."""

    what: Cell
    when: Cell
    outcome: Cell


def tables(document: Document) -> Iterator[Claim]:
    """Judgements and their inspections from the tables of outcomes of a document."""
    for block in document.blocks:
        if block.kind == "table":
            yield from _table(document, block)


def _table(document: Document, block: Block) -> Iterator[Claim]:
    columns = _columns(document, block)
    if not columns:
        return
    told: Cell | None = None
    for row in _rows(block, columns):
        event = _event(document, row)
        if event and row.what != told:
            told = row.what
            yield EventClaim(
                start=row.what.start,
                end=row.what.end,
                extractor=EXTRACTOR,
                confidence=0.8,
                event=event,
                label=_text(document, row.what),
            )
        if event:
            yield from _grade(document, row, event)


def _columns(document: Document, block: Block) -> dict[str, int]:
    """Which column says what; empty when the table is none of outcomes."""
    head = [_text(document, cell) for cell in block.rows[0]] if block.rows else []
    found: dict[str, int] = {}
    for name, rule in _COLUMNS.items():
        at = [i for i, cell in enumerate(head) if rule.search(cell) and i not in found.values()]
        if name == "outcome":
            at = at[-1:]
        if at:
            found[name] = at[0]
    return found if len(found) == len(_COLUMNS) else {}


def _rows(block: Block, columns: dict[str, int]) -> Iterator[_Row]:
    above: dict[str, Cell] = {}
    for row in block.rows[1:]:
        cells = {name: row[i] for name, i in columns.items() if i < len(row)}
        if len(cells) < len(columns):
            continue
        if cells["what"].end > cells["what"].start:
            above = {"when": cells["when"]}
        for name in ("what", "when"):
            if cells[name].end > cells[name].start:
                above[name] = cells[name]
        if "what" in above and cells["outcome"].end > cells["outcome"].start:
            yield _Row(above["what"], above["when"], cells["outcome"])


def _event(document: Document, row: _Row) -> EventRef | None:
    what = _text(document, row.what)
    spans = dates.find(_text(document, row.when))
    date = spans[0].edtf if spans else _year_of(document, what)
    joint = bool(_JOINT.search(what))
    if not joint and not re.search(r"inspection|framework|ilacs|sif", what, re.I):
        return None
    return EventRef(kind="joint-inspection" if joint else "inspection", date=date, body="Ofsted")


def _year_of(document: Document, what: str) -> str | None:
    """The year with which a heading names the same inspection: "2014 Inspection of …"."""
    pattern = re.compile(rf"\b((?:19|20)\d\d) {re.escape(what)}", re.I)
    for block in document.blocks:
        if block.kind in ("heading", "paragraph") and block.end - block.start < 300:
            match = pattern.search(flatten(document.text, block.start, block.end).text)
            if match:
                return match[1]
    return None


def _grade(document: Document, row: _Row, event: EventRef) -> Iterator[JudgementClaim]:
    outcome = _text(document, row.outcome)
    match = re.search(rf"(?:^|[:\s'\"(-])({grade_words()})\W*$", outcome, re.I)
    grade = grade_of(match[1]) if match else None
    framework = framework_of(_text(document, row.what), event.date)
    if event.kind == "joint-inspection" and not match:
        yield _ungraded(row, event, outcome)
    if not match or not grade or not framework or event.kind != "inspection":
        return
    domain = _domain(outcome[: match.start()], framework)
    if domain:
        yield JudgementClaim(
            start=row.outcome.start,
            end=row.outcome.end,
            extractor=EXTRACTOR,
            confidence=0.85,
            event=event,
            framework=framework.id,
            domain=domain,
            grade=grade,
            printed=match[1],
        )


def _ungraded(row: _Row, event: EventRef, outcome: str) -> JudgementClaim:
    """What came of a joint inspection, in the words of its cell."""
    return JudgementClaim(
        start=row.outcome.start,
        end=row.outcome.end,
        extractor=EXTRACTOR,
        confidence=0.8,
        event=event,
        framework="jtai-2016",
        domain="overall_effectiveness",
        grade=None,
        printed=privacy.without_names(outcome) or "no grade",
    )


def _domain(words: str, framework: Framework) -> str | None:
    """The domain that the words before a grade name; none named means the whole."""
    words = words.strip(" :-–—'\"")
    for domain, forms in framework.domains.items():
        if any_of(forms).search(words):
            return domain
    return "overall_effectiveness" if not words or _OVERALL.search(words) else None


def _text(document: Document, cell: Cell) -> str:
    return flatten(document.text, cell.start, cell.end).text
