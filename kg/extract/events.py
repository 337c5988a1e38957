"""Events that a document mentions: inspections and visits of old, notices, reviews, posts taken.

Nouns and wordings are ``ontology/event_kinds.yaml``. A date is looked for beside the noun;
"in March, June and October" after a plural is three events. Taking up and leaving a post
are events too, read from the tenures found before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import msgspec

from kg.edtf import compatible, latest
from kg.extract.context import Context
from kg.extract.flat import flatten
from kg.extract.lexicon import load
from kg.extract.masked import Entity, Masked, Template, masked
from kg.model import Claim, Document, EventClaim, EventRef, Stated, TenureClaim

EXTRACTOR = "events@1"
_REPORTS = ("inspection", "re-inspection")
"""Reports speak of reviews as practice all along: only dated ones are events there."""

_DATE = r"<D\d+>"
_LIST = re.compile(rf"{_DATE}(?:(?:,| and|, and|;)(?: on| in| then)? {_DATE})*")
_AFTER = re.compile(
    rf"[^.;<]{{0,30}}?(?:<[OP]\d+>[^.;<]{{0,25}}?)?"
    rf"(?:\b(?:in|on|of|between|from|held|dated|during|ended on|ending|for|published|and)\b|\()"
    rf"[^.;<]{{0,45}}?(?={_DATE})"
)
_BEFORE = re.compile(rf"{_DATE}(?: (?!and\b|or\b)[a-z'-]+| <[OP]\d+>){{0,2}} ?$", re.I)
_SPAN_OF_YEARS = re.compile(r"^(?:for )?(?:the )?(?:past|last) ", re.I)
_OPENING = re.compile(rf"^(?:in|on|during|by|since) (?:early |late )?({_DATE})", re.I)
_PUBLISHED = re.compile(r"\bpublished(?: in| on)? ?$", re.I)
_SINCE = re.compile(r"\b(?:since|until|by|before|after|judged [a-z ]+in) ?$", re.I)
_REPORT = re.compile(r"\b(?:reports?|letters?)$", re.I)
_DONE = re.compile(
    r"\b(?:was|were) (?:carried out|commissioned|conducted|undertaken|issued|held|published)\b|"
    r"\b(?:conducted|carried out|undertook|issued|published|commissioned)\b",
    re.I,
)
_PUBLICATION = re.compile(rf"(?:on|in) ({_DATE}),? [^.]{{0,30}}\bpublished\b", re.I)
_HOMES = re.compile(r"\binspections? of [^.]*\b(?:children's|residential) homes?\b", re.I)
_STATE = re.compile(
    r"\b(?:been|is|are) in (?:(?:the|this|that|his|her|their) )?(?:post|role|position|office) "
    r"(?:since|for)\b",
    re.I,
)
"""Tells that somebody holds a post and how long, aside; not that it was taken up."""
_BESIDE = 15
ELSEWHERE = re.compile(
    r"\b(?:another|other|previous|her former|his former|neighbouring) (?:local )?authorit|"
    r"\bwhere (?:she|he|they|<P\d+>) had been\b",
    re.I,
)


class EventKind(msgspec.Struct, frozen=True):
    """How one kind of event is mentioned; see ``ontology/event_kinds.yaml``."""

    kind: str
    body: str | None = None
    by: tuple[str, ...] = ()
    label: str = ""
    day: str = ""
    nouns: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    undated: bool = False


class EventKinds(msgspec.Struct, frozen=True):
    """``ontology/event_kinds.yaml``."""

    kinds: tuple[EventKind, ...]


@dataclass(frozen=True)
class Mention:
    """A mention of an event at ``start:end`` of a masked sentence."""

    kind: EventKind
    start: int
    end: int
    date: Entity | None = None
    published: bool = False
    published_on: Entity | None = None
    named: Entity | None = None


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Dated mentions, then undated ones of events that are told nowhere else, then tenures."""
    found = [(s, m) for s in masked(document, context) for m in mentions(s)]
    dated = [(s, m) for s, m in found if m.date and not m.published]
    own = context.own
    told: set[str] = {m.kind.kind for _, m in dated} | ({own.event.kind} if own else set())
    seen = {_label(s, m).lower() for s, m in dated if m.kind.label}
    subjects = {_subject(_label(s, m)) for s, m in dated} - {""}
    for sentence, mention in found:
        if mention.date:
            if not (mention.published and _has_date(dated, mention, own)):
                yield _claim(sentence, mention)
            continue
        if mention.kind.nouns and document.identity.kind in _REPORTS:
            continue
        label = _label(sentence, mention).lower()
        if _stands_alone(mention, label) or mention.kind.kind not in told:
            again = label in seen or _subject(label) in subjects
            if not again and not _generic(mention, label):
                seen.add(label)
                yield _claim(sentence, mention)
    yield from _changes(document, context)
    yield from _own_report(document)


def mentions(sentence: Masked) -> list[Mention]:
    """The mentions of one sentence, longer ones first where they overlap."""
    found: list[Mention] = []
    for kind, templates, nouns in _rules():
        for template in templates:
            for match in template.find(sentence.text):
                date = sentence.at(*match["date"]) if "date" in match else _opening(sentence)
                named = sentence.at(*match["named"]) if "named" in match else None
                printed = sentence.text[match[""][0] : match.get("date", match[""])[0]]
                published = "published" in printed
                found.append(Mention(kind, *match[""], date, published, named=named))
        for noun in nouns:
            for match in noun.find(sentence.text):
                found += _dated(sentence, kind, *match[""])
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.date is None, m.start - m.end)):
        if all(_apart(mention, other) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _apart(one: Mention, other: Mention) -> bool:
    """Whether two mentions can stand side by side: apart, or several dates of one noun."""
    if "revocation" in (one.kind.kind, other.kind.kind):
        return one.kind.kind != other.kind.kind
    listed = (one.start, one.end, one.kind) == (other.start, other.end, other.kind)
    return one.end <= other.start or other.end <= one.start or (listed and one.date != other.date)


def _dated(sentence: Masked, kind: EventKind, start: int, end: int) -> list[Mention]:
    """A noun with the dates that stand after or before it."""
    text = sentence.text
    doer = re.match(r"(?:the |an? )?<O\d+>", text[start:end], re.I)
    if doer and kind.kind == "progress-review" and not _can(kind, sentence.at(start, end)):
        return []
    inside = re.search(_DATE, text[start:end])
    if inside:
        return [Mention(kind, start, end, sentence.at(start, end) if inside else None)]
    after = _AFTER.match(text, end)
    if after and not _SINCE.search(text[end : after.end()]):
        listed = _LIST.match(text, after.end())
        at = listed.end() if listed else after.end()
        dates = [sentence.at(*m.span()) for m in re.compile(_DATE).finditer(text, after.end(), at)]
        dates = dates if _plural(text[start:end]) else dates[:1]
        published = bool(
            _PUBLISHED.search(text[end : after.end()]) or _REPORT.search(text[start:end])
        )
        on = None if published else _publication(sentence)
        dates = [date for date in dates if date and not _SPAN_OF_YEARS.match(date.printed)]
        return [Mention(kind, start, end, date, published, on) for date in dates or (None,)]
    before = _BEFORE.search(text[:start])
    if before and not _SINCE.search(text[: before.start()]):
        published = bool(_REPORT.search(text[start:end]))
        return [Mention(kind, start, end, sentence.at(before.start(), start), published)]
    opening = _opening(sentence) if _DONE.search(text) else None
    return [Mention(kind, start, end, opening, bool(opening and _publication(sentence)))]


def _publication(sentence: Masked) -> Entity | None:
    """The date of "On 9 May 2019 Ofsted published the outcome of …"."""
    match = _PUBLICATION.match(sentence.text)
    return sentence.at(*match.span(1)) if match else None


def _can(kind: EventKind, body: Entity | None) -> bool:
    return body is not None and body.name in (kind.body, *kind.by)


def _plural(noun: str) -> bool:
    return bool(re.search(r"(?:visits|inspections|reviews|notices|directions)\b", noun, re.I))


def _opening(sentence: Masked) -> Entity | None:
    """The date with which a sentence opens: "In May 2019, …"."""
    match = _OPENING.match(sentence.text)
    return sentence.at(*match.span(1)) if match else None


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


def _stands_alone(mention: Mention, label: str) -> bool:
    """Whether a mention without a date is an event beside the dated ones of its kind.

    Homes are inspected apart from the authority that runs them.
    """
    return mention.kind.undated or _HOMES.search(label) is not None


def _generic(mention: Mention, label: str) -> bool:
    """Whether an undated noun only points at some event ("the inspection", "reviews")."""
    return not _stands_alone(mention, label) and mention.kind.kind in (
        "inspection",
        "monitoring-visit",
        "focused-visit",
        "joint-inspection",
    )


def _claim(sentence: Masked, mention: Mention) -> EventClaim:
    start, end = sentence.span(mention.start, mention.end)
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
        label=_label(sentence, mention),
        published=Stated(printed.name, printed.start, printed.end) if printed else None,
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


def _label(sentence: Masked, mention: Mention) -> str:
    """The words of the mention, bodies and posts by their names, without dates."""
    if mention.named:
        return f"{mention.kind.kind.capitalize()}: {mention.named.name}"
    if mention.kind.label:
        return mention.kind.label
    words = sentence.text[mention.start : mention.end]
    for mark in re.findall(r"<[POD]\d+>", words):
        entity = sentence.entities[int(mark[2:-1])]
        words = words.replace(mark, "" if entity.kind == "D" else entity.name)
    words = re.sub(r"\b(?:in|on|of|from|by)\s*$", "", " ".join(words.split()).strip(" ,("))
    return words[:1].upper() + words[1:]


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


def _changes(document: Document, context: Context) -> Iterator[EventClaim]:
    """Taking up and leaving posts, from the tenures that sentences state.

    Posts filled by one act ("appointed an interim A and an interim B") are one event.
    """
    stated = [t for t in context.of(TenureClaim) if t.extractor.startswith("tenures")]
    acts: dict[tuple[int, int, str], list[TenureClaim]] = {}
    for tenure in stated:
        if tenure.since and not _STATE.search(_words(document, tenure)):
            acts.setdefault((tenure.start, tenure.end, tenure.since), []).append(tenure)
        if tenure.until and not _succeeded(tenure, stated):
            yield _change([tenure], "departure", tenure.until)
    for (_, _, since), filled in acts.items():
        yield _change(filled, "appointment", since)


def _words(document: Document, tenure: TenureClaim) -> str:
    return flatten(document.text, tenure.start, tenure.end).text


def _succeeded(tenure: TenureClaim, others: list[TenureClaim]) -> bool:
    """Whether the same words tell that a successor took up the post then: one change, not two."""
    return any(
        other.post == tenure.post
        and other.since
        and _follows(other.since, tenure.until or "")
        and other.start <= tenure.end + _BESIDE
        and tenure.start <= other.end + _BESIDE
        for other in others
    )


def _follows(since: str, until: str) -> bool:
    """Whether one tenure begins when another ends, or in the month after."""
    end = latest(until)
    if not end or compatible(since, until):
        return bool(end)
    year, month = int(end[:4]), int(end[5:7])
    following = f"{year + month // 12:04}-{month % 12 + 1:02}"
    return since[:7] == following


def _change(tenures: list[TenureClaim], kind: str, date: str) -> EventClaim:
    tenure = tenures[0]
    posts = ", ".join(dict.fromkeys(each.post for each in tenures))
    verb = "taken up" if kind == "appointment" else "left"
    return EventClaim(
        start=tenure.start,
        end=tenure.end,
        extractor=EXTRACTOR,
        confidence=tenure.confidence,
        basis=tenure.basis,
        event=EventRef(kind=kind, date=date),
        label=f"Post {verb}: {posts}",
    )


@cache
def _rules() -> tuple[tuple[EventKind, tuple[Template, ...], tuple[Template, ...]], ...]:
    kinds = load("event_kinds", EventKinds).kinds
    return tuple(
        (
            kind,
            tuple(map(Template, kind.wordings)),
            tuple(Template(rf"\b(?:{noun})") for noun in kind.nouns),
        )
        for kind in kinds
    )
