"""Where a sentence mentions events: by a noun with its dates, or by a wording."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.events.kinds import EventKind, rules
from kg.extract.masked import Entity, Masked

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
    topic: str = ""
    noun: bool = False


def mentions(sentence: Masked) -> list[Mention]:
    """The mentions of one sentence, longer ones first where they overlap."""
    found: list[Mention] = []
    for kind, templates, nouns in rules():
        for template in templates:
            for match in template.find(sentence.text):
                date = sentence.at(*match["date"]) if "date" in match else _opening(sentence)
                named = sentence.at(*match["named"]) if "named" in match else None
                topic = sentence.text[slice(*match["topic"])] if "topic" in match else ""
                printed = sentence.text[match[""][0] : match.get("date", match[""])[0]]
                published = "published" in printed
                for each in (date, *_further(sentence, match)):
                    found.append(
                        Mention(kind, *match[""], each, published, named=named, topic=topic)
                    )
        for noun in nouns:
            for match in noun.find(sentence.text):
                found += _dated(sentence, kind, *match[""])
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.date is None, m.start - m.end)):
        if all(_apart(mention, other) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _further(sentence: Masked, match: dict[str, tuple[int, int]]) -> list[Entity]:
    """The dates that follow a wording's own: "judged inadequate in 2009, 2012 and 2015"."""
    if "date" not in match or match["date"][1] != match[""][1]:
        return []
    listed = _LIST.match(sentence.text, match["date"][0])
    if listed is None:
        return []
    spans = (m.span() for m in re.compile(_DATE).finditer(sentence.text, *listed.span()))
    return [date for span in spans if span != match["date"] and (date := sentence.at(*span))]


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
        return [Mention(kind, start, end, sentence.at(start, end), noun=True)]
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
        return [
            Mention(kind, start, end, date, published, on, noun=True) for date in dates or (None,)
        ]
    before = _BEFORE.search(text[:start])
    if before and not _SINCE.search(text[: before.start()]):
        published = bool(_REPORT.search(text[start:end]))
        return [Mention(kind, start, end, sentence.at(before.start(), start), published, noun=True)]
    opening = _opening(sentence) if _DONE.search(text) else None
    dated = bool(opening and _publication(sentence))
    return [Mention(kind, start, end, opening, dated, noun=True)]


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
