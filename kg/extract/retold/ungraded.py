"""Events of which a text says that they gave no grade: a judgement without one."""

from __future__ import annotations

from collections.abc import Iterator

from kg import privacy
from kg.edtf import compatible
from kg.extract.context import Context
from kg.extract.retold.lines import Line, lines
from kg.extract.retold.words import ungraded as rules
from kg.extract.retold.words import ungraded_event
from kg.model import Document, EventRef, JudgementClaim

EXTRACTOR = "retold@2"
_FRAMEWORKS = {"joint-inspection": "jtai-2016", "focused-visit": "ilacs-focused-visit"}


def ungraded(document: Document, context: Context) -> Iterator[JudgementClaim]:
    """One judgement without a grade for each such event that is dated, but the document's own."""
    seen: set[tuple[str, str]] = set()
    own = context.own.event if context.own else None
    for line in lines(document, context):
        for kind, rule in rules():
            match = rule.search(line.text)
            date = _date(line, kind) if match else None
            if match and date and (kind, date) not in seen and not _is(own, kind, date):
                seen.add((kind, date))
                start, end = line.flat.span(0, len(line.text))
                yield JudgementClaim(
                    start=start,
                    end=end,
                    extractor=EXTRACTOR,
                    confidence=0.7,
                    event=EventRef(kind, None, date, "Ofsted"),
                    framework=_FRAMEWORKS[kind],
                    domain="overall_effectiveness",
                    grade=None,
                    printed=privacy.without_names(match.group()) or "no grade",
                )


def _is(own: EventRef | None, kind: str, date: str) -> bool:
    """Whether an event is the one that the document itself reports."""
    return bool(own and own.kind == kind and own.date and compatible(own.date, date))


def _date(line: Line, kind: str) -> str | None:
    """The date of the event that these words or those before them name."""
    for each in (line, line.before):
        if each and ungraded_event(kind).search(each.text):
            named = next((e.ref.date for e in each.earlier if e.ref.kind == kind), None)
            return named or (each.dates[0].date if each.dates else None)
    return None
