"""The event that a document itself reports or is, and the grades that it gives.

An inspection report yields its inspection (framework, days on site, printed publication
date, lead inspector) and one judgement a graded domain, each with the row or sentence that
prints it. Letters, directions, notices and minutes are or report an event too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg import dates, gazetteer
from kg.event_dates import hull_span, windows
from kg.extract.context import Context
from kg.extract.judgements import Graded, chosen_framework, conflicts, judgements
from kg.kinds import KindOfDocument, frameworks, kinds
from kg.model import (
    Basis,
    Claim,
    DisagreementClaim,
    Document,
    EventClaim,
    EventRef,
    JudgementClaim,
    Stated,
)

EXTRACTOR = "inspections@1"

_NOT_IN_NAME = r"(?!HMI\b|H(?:er|is)\s|Ofsted\b|Deputy\b|Lead\b|Team\b|Age\s|Inspect)"
_CAPITAL = r"[^\W\d_a-zß-ÿ][\w'’.-]*"
_LEAD = re.compile(
    r"(?<![Dd]eputy )\b(?P<label>(?:Lead|Reporting)\s+[Ii]nspector)\b[\s:|–-]*"
    rf"(?P<name>{_CAPITAL}(?:[^\S\n]+{_NOT_IN_NAME}(?:(?:d[aei]|de[rn]|van|von|la|le)\b|{_CAPITAL})){{1,4}})"
    r"(?:[,\s(|]+(?P<post>HMI\b|H(?:er|is)\s+Majesty['’]s\s+Inspector|Ofsted\s+Inspector))?"
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_ORDINAL = re.compile(
    r"(?:\b(?:was|is|being)|(?P<aside>[,–—-]))\s+(?:the|their|its|our)\s+(?:local\s+authority['’]s\s+)?"
    rf"(?P<n>{'|'.join(_ORDINALS)})\s+(?:\w+\s+)?(?:monitoring|focuss?ed)\s+visit"
    r"(?(aside)\s+since\b)",
    re.I,
)
_COMMITTEE = re.compile(
    r"\b(?:[A-Z][\w'’&-]*,?\s+(?:(?:and|of|for|the|on|to)\s+)*){1,9}"
    r"(?:Committee|Panel|Board|Cabinet|Commission|Forum|Executive)\b"
    r"(?:[ \t]\([A-Z][^()\n]{3,60}\))?|\bCabinet\b|"
    r"\b(?:[A-Z'’&-]+,?[ \t]+){1,12}(?:COMMITTEE|PANEL|BOARD|CABINET|COMMISSION|FORUM)\b"
)
_OPENING = re.compile(r"^(?:minutes of )?(?:(?:a|the) )?(?:(?:\w+ )?meeting of )?(?:the )?", re.I)


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """The document's own event, then its judgements and what contradicts them."""
    record = kinds().of(document.identity.kind)
    if record is None:
        return
    event = _own_event(document, context, record)
    yield event
    if event.framework is None or record.event != "inspection":
        return
    found = judgements(document, event.framework)
    yield from (_judgement(each, event) for each in found)
    yield from (_conflict(a, b) for a, b in conflicts(document, event.framework, found))


def report_name(framework: str, printed_dates: str) -> tuple[str, Basis]:
    """A framework's name in tables of results, from the words that print the days on site.

    Reports never say whether an inspection was short or standard: that is inferred from the
    days of its first visit.

        >>> report_name("ilacs-2018", "17 September to 28 September 2018")
        ('ILACS-standard', 'inferred')
    """
    known = frameworks().of(framework)
    if known is None:
        return "other", "stated"
    if "{length}" not in known.report:
        return known.report, "stated"
    spans = dates.find(printed_dates)
    size = dates.days(spans[0].edtf) if spans else 0
    fits = (length.name for length in frameworks().lengths if 0 < size <= length.up_to)
    length = next(fits, None)
    return (
        known.report.format(length=length) if length else known.report.split("-")[0]
    ), "inferred"


def _own_event(document: Document, context: Context, record: KindOfDocument) -> EventClaim:
    text, identity = document.text, document.identity
    on_site = windows(text, labelled=record.event == "inspection") if _visited(record) else []
    at = hull_span(on_site) if on_site else None
    day = at.edtf if at else _own_date(document, record)
    start, end = _words(document, context, at.start if at else None)
    framework = chosen_framework(document, record.event, day) if _visited(record) else None
    lead = _LEAD.search(text) if record.event == "inspection" else None
    return EventClaim(
        start=start,
        end=end,
        extractor=EXTRACTOR,
        event=EventRef(
            kind=_kind(record, framework),
            authority=identity.authority.value if identity.authority else None,
            date=day,
            body=_body(document, record, framework),
        ),
        label=_label(document, _kind(record, framework), day),
        own=True,
        framework=framework,
        published=_published(document, record),
        lead=_group(lead, "name"),
        lead_post=_group(lead, "post") or _group(lead, "label"),
        ordinal=_ordinal(text) if record.event in ("monitoring-visit", "focused-visit") else None,
    )


def _own_date(document: Document, record: KindOfDocument) -> str | None:
    """The date of what a document itself is; a visit whose days are not printed has none."""
    date = document.identity.date
    return date.value if date and not _visited(record) else None


def _published(document: Document, record: KindOfDocument) -> Stated | None:
    """The publication date of an inspection report, when it is printed in the text."""
    printed = record.event == "inspection" and document.identity.date_basis == "published"
    return document.identity.date if printed else None


def _visited(record: KindOfDocument) -> bool:
    return record.event in ("inspection", "monitoring-visit", "focused-visit")


def _kind(record: KindOfDocument, framework: str | None) -> str:
    known = frameworks().of(framework) if framework else None
    return "joint-inspection" if known and ";" in known.body else record.event


def _words(document: Document, context: Context, at: int | None) -> tuple[int, int]:
    """The words that report the event: the sentence or line with its dates, else the title."""
    title = document.identity.title
    if at is None:
        return (title.start, title.end) if title else _first_words(document)
    for sentence in context.sentences:
        if sentence.start <= at < sentence.end:
            return sentence.start, sentence.end
    start = document.text.rfind("\n", 0, at) + 1
    end = document.text.find("\n", at)
    return start, end if end > 0 else len(document.text)


def _first_words(document: Document) -> tuple[int, int]:
    block = next(block for block in document.blocks if block.end > block.start)
    return block.start, block.end


def _body(document: Document, record: KindOfDocument, framework: str | None) -> str | None:
    """Who inspected, directed or met."""
    if record.event == "meeting":
        return _committee(document)
    known = frameworks().of(framework) if framework else None
    if known:
        return known.body
    if record.event == "review":
        return None
    return document.identity.publisher.value if document.identity.publisher else None


def _committee(document: Document) -> str | None:
    title = document.identity.title
    places = [document.text[title.start : title.end]] if title else []
    for place in (*places, *document.text[:800].split("\n")):
        if match := _COMMITTEE.search(place):
            return _cased(_OPENING.sub("", match.group()))
    return None


def _cased(name: str) -> str:
    """A name printed in capitals as names are written in running text."""
    if not name.isupper():
        return " ".join(name.split())
    words = (
        word if word in ("and", "of", "for", "the") else word.capitalize()
        for word in name.lower().split()
    )
    return " ".join(words)


def _label(document: Document, kind: str, day: str | None) -> str:
    """What people read: kind, authority and date."""
    name = (
        document.identity.authority
        and gazetteer.authorities()[document.identity.authority.value].name
    )
    label = next(each.label for each in kinds().events if each.id == kind)
    what = _committee(document) or label if kind == "meeting" else label
    parts = [what[0].upper() + what[1:], name or "", day.replace("/", " to ") if day else ""]
    return ", ".join(part for part in parts if part)


def _ordinal(text: str) -> int | None:
    match = _ORDINAL.search(text[:5000])
    return _ORDINALS[match["n"].lower()] if match else None


def _group(match: re.Match[str] | None, name: str) -> Stated | None:
    if match is None or match[name] is None:
        return None
    return Stated(" ".join(match[name].split()), *match.span(name))


def _judgement(found: Graded, own: EventClaim) -> JudgementClaim:
    return JudgementClaim(
        start=found.start,
        end=found.end,
        extractor=EXTRACTOR,
        confidence=found.confidence,
        event=own.event,
        framework=own.framework or "",
        domain=found.domain,
        grade=found.grade,
        printed=found.printed,
    )


def _conflict(first: Graded, other: Graded) -> DisagreementClaim:
    label = next(d.label for d in frameworks().domains if d.id == first.domain)
    return DisagreementClaim(
        start=first.start,
        end=first.end,
        extractor=EXTRACTOR,
        question=f"What grade was given for {label}?",
        kind="grade",
        value=first.printed,
        other_start=other.start,
        other_end=other.end,
        other_value=other.printed,
        explanation="The table of judgements and a section heading print different grades.",
    )
