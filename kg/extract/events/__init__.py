"""Events that a document mentions: inspections and visits of old, notices, reviews, posts taken.

Nouns and wordings are ``ontology/event_kinds.yaml``. A date is looked for beside the noun;
"in March, June and October" after a plural is three events. Taking up and leaving a post
are events too, read from the tenures found before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extract.context import Context
from kg.extract.events.changes import EXTRACTOR, changes
from kg.extract.events.labels import label_of
from kg.extract.events.mentions import Mention, mentions
from kg.extract.masked import Masked, masked
from kg.model import Claim, Document, EventClaim, EventRef, Stated

_REPORTS = ("inspection", "re-inspection")
"""Reports speak of reviews as practice all along: only dated ones are events there."""

_LOOSE_END = re.compile(r"(?:\s+(?:and|or|the|an?|of|for|to|which|that|these|with|in))+$", re.I)
ELSEWHERE = re.compile(
    r"\b(?:another|other|previous|her former|his former|neighbouring) (?:local )?authorit|"
    r"\bwhere (?:she|he|they|<P\d+>) had been\b",
    re.I,
)


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Dated mentions, then undated ones of events that are told nowhere else, then tenures."""
    found = [(s, m) for s in masked(document, context) for m in mentions(s)]
    dated = [(s, m) for s, m in found if m.date and not m.published]
    own = context.own
    told: set[str] = {m.kind.kind for _, m in dated} | ({own.event.kind} if own else set())
    seen = {label_of(s, m).lower() for s, m in dated if m.kind.label}
    subjects = {_subject(label_of(s, m)) for s, m in dated} - {""}
    for sentence, mention in found:
        if mention.date:
            if not (mention.published and _has_date(dated, mention, own)):
                yield _claim(sentence, mention)
            continue
        if mention.kind.dated:
            continue
        if mention.kind.nouns and document.identity.kind in _REPORTS:
            continue
        label = label_of(sentence, mention).lower()
        if _stands_alone(mention) or mention.kind.kind not in told:
            again = label in seen or _subject(label) in subjects
            if not again and not _generic(mention):
                seen.add(label)
                yield _claim(sentence, mention)
    yield from changes(document, context)
    yield from _own_report(document)


def _has_date(
    dated: list[tuple[Masked, Mention]], mention: Mention, own: EventClaim | None
) -> bool:
    """Whether the event whose publication is dated is also dated itself in the document."""
    kinds = {other.kind.kind for _, other in dated}
    return mention.kind.kind in kinds or bool(own and own.event.kind == mention.kind.kind)


def _subject(label: str) -> str:
    """What a review or inspection is said to be of, by its first words; empty without one."""
    words = label.lower().partition(" of ")[2].split()
    return " ".join(words[:4]) if len(words) > 2 else ""


def _stands_alone(mention: Mention) -> bool:
    """Whether a mention without a date is an event beside the dated ones of its kind.

    Homes are inspected apart from the authority that runs them.
    """
    return mention.kind.undated or mention.kind.service != ""


def _generic(mention: Mention) -> bool:
    """Whether an undated noun only points at some event ("the inspection", "reviews")."""
    return not _stands_alone(mention) and mention.kind.kind in (
        "inspection",
        "monitoring-visit",
        "focused-visit",
        "joint-inspection",
    )


def _claim(sentence: Masked, mention: Mention) -> EventClaim:
    words = sentence.text[mention.start : mention.end]
    start, end = sentence.span(mention.start, mention.start + len(_LOOSE_END.sub("", words)))
    date = mention.date
    printed = date if mention.published else mention.published_on
    if date:
        start, end = min(start, date.start), max(end, date.end)
    return EventClaim(
        start=start,
        end=end,
        extractor=EXTRACTOR,
        confidence=0.6 if date and date.basis == "inferred" else 0.8,
        basis=date.basis if date else "stated",
        event=EventRef(
            kind=mention.kind.kind,
            authority="unknown" if ELSEWHERE.search(sentence.text) else None,
            date=date.name if date else _own_day(sentence, mention),
            body=_body(sentence, mention),
        ),
        label=label_of(sentence, mention),
        published=Stated(printed.name, printed.start, printed.end) if printed else None,
        service=mention.kind.service,
    )


def _own_day(sentence: Masked, mention: Mention) -> str | None:
    """The document's day, for what happens by the document itself."""
    day = sentence.document.identity.date
    return day.value if day and mention.kind.day == "document" else None


def _body(sentence: Masked, mention: Mention) -> str | None:
    """The inspectorate or department that the sentence names, else the usual one."""
    able = {mention.kind.body, *mention.kind.by}
    for found in re.finditer(r"<[OP]\d+>", sentence.text[: mention.end]):
        entity = sentence.at(*found.span())
        if entity and entity.name in able:
            return entity.name
    return mention.kind.body


def _own_report(document: Document) -> Iterator[EventClaim]:
    """A commissioner's report, apart from the review that it reports."""
    day = document.identity.date
    if document.identity.kind == "commissioners-report" and day:
        yield EventClaim(
            start=day.start,
            end=day.end,
            extractor=EXTRACTOR,
            event=EventRef(kind="report", date=day.value),
            label="Report",
        )
