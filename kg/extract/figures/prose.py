"""Figures in running text: the number, what it counts, its unit and the date it is of.

The date is the nearest one before the number in its sentence, else the one its paragraph
or list named last, else its section's; a statement in the present tense without any of
these is of the day that the document describes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.dates import DateSpan, latest
from kg.extract.context import Context
from kg.extract.figures import dated
from kg.extract.figures.measures import tidy
from kg.extract.figures.numbers import Number, find
from kg.extract.figures.words import any_of, words
from kg.model import Document, FigureClaim, Sentence

EXTRACTOR = "figures.prose@1"
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|consists?|remains?|lives?|manages?|identifies|covers?|sets? out|"
    r"supports?|stands? at|contains?|includes?|receives?|amounts? to|runs?|operates?)\b"
)
_TOKEN = re.compile(r"[\w’'-]+|[^\w\s]")
_HEAD = 3000
_RISE = re.compile(
    r"\b(?:increase|decrease|reduction|rise|fall|drop|growth|up|down)\sfrom\s$", re.I
)
_COPULA = re.compile(r"(?:are|were|have|had)\s|\(or\s")
_LATELY = re.compile(r"\bthe\s(?:last|past|next|coming|first)\s$", re.I)
_MOVED = re.compile(
    r"^.*?\b(?:increase|decrease|reduction|rise|fall|drop|growth)\sin\s(?P<noun>[^,;:.()]{3,80}?)"
    r"\s(?:from\b.*|to)$",
    re.I,
)
_TO = re.compile(r"\s*(?:to|and|or|-|–)\s*")
_LEAD = re.compile(r":\s*$")
_FROM_TO = re.compile(r"\b(?:from|to)\s*$")
_LATER_END = re.compile(r"\bto\s*$")
_SINCE = re.compile(r"\bsince\b.{0,35}$")
_VISITS = (
    "inspection",
    "re-inspection",
    "focused-visit",
    "monitoring-visit-letter",
    "committee-minutes",
)
"""Documents that tell, also in the past tense, of the day that they are about."""

_SALUTATION = re.compile(r"Dear\b")


def extract(document: Document, context: Context) -> Iterator[FigureClaim]:
    """The figures of every sentence, in order; those about private lives are left out."""
    anchor = _anchor(document, context)
    visit = document.identity.kind in _VISITS
    carried, block, said = dated.Carried(document), -1, None
    letterhead = _letterhead(document)
    for sentence in context.sentences:
        text = document.text[sentence.start : sentence.end]
        if sentence.block != block:
            block = sentence.block
            carried.enter(block)
            said = carried.lead
        found = dated.spans(text, anchor)
        if sentence.start >= letterhead and not _private(text):
            for number in _ranges(text, _counted(text, found)):
                if not measured(text, number) or _while(text, number):
                    continue
                when = _when(text, number, found, anchor, said) or said or carried.heading
                yield _figure(text, sentence, number, when or _default(text, anchor, visit))
        about = dated.about(text, found)
        said = about[-1].edtf if about else said
        if _LEAD.search(text):
            carried.lead = said


def _letterhead(document: Document) -> int:
    """Where a letter's salutation stands, below the addresses; 0 in other documents."""
    head = (block for block in document.blocks if block.start < _HEAD)
    dear = (b.start for b in head if _SALUTATION.match(document.text, b.start))
    return next(dear, 0)


def _figure(text: str, sentence: Sentence, number: Number, when: str | None) -> FigureClaim:
    measure = measured(text, number)
    return FigureClaim(
        start=sentence.start,
        end=sentence.end,
        extractor=EXTRACTOR,
        confidence=0.8,
        measure=measure,
        value=number.value,
        unit=number.unit or _unit(measure),
        date=when,
    )


def measured(text: str, number: Number) -> str:
    """What the number counts: the phrase after it, or before it where it stands in brackets.

    Where neither names anything it is only a share or a number.
    """
    head, tail = text[: number.start].rstrip(), text[number.end :].lstrip()
    bracketed = head.endswith("(") and (number.unit == "per cent" or tail.startswith(")"))
    head = head[:-1] if bracketed else head
    if number.unit in ("per cent", "proportion", "GBP"):
        tail = re.sub(r"^(?:of|in)\s+(?=[a-z])(?:the\s+|its\s+|all\s+)?", "", tail)
    after, before = _until_end(tail), _before(head)
    phrases = (before,) if bracketed else (after, before)
    if _FROM_TO.search(head + " ") and (moved := tidy(_moved(head))):
        return moved
    if after.split()[:1] and after.split()[0].lower() in words().durations and not bracketed:
        return after
    named = next(filter(None, (tidy(phrase, whole=bracketed) for phrase in phrases)), "")
    return named or (
        words().unnamed["share" if number.unit in ("per cent", "proportion") else "count"]
        if after or before or _COPULA.match(tail)
        else ""
    )


def _while(text: str, number: Number) -> bool:
    """Whether a range only says how long ago: "over the last six to nine months"."""
    return "/" in number.value and bool(_LATELY.search(text[: number.start]))


def _moved(head: str) -> str:
    """What went from one number to another: "referrals had risen from …", "a rise in …"."""
    noun = _MOVED.match(head)
    if noun:
        return noun["noun"]
    verb = re.match(
        rf"^(?P<what>.+?)\s(?:(?:has|have|had|was|were|is|are)\s)?(?:\w+ly\s)?(?:{_moves()})\b",
        re.split(r"[,;:(](?!\d)|\s(?:that|while|which)\s", head)[-1],
        re.I,
    )
    return verb["what"] if verb else ""


def _until_end(text: str) -> str:
    taken: list[str] = []
    text = text.lstrip(" -")[:120]
    for match in _TOKEN.finditer(text):
        token = match.group()
        if taken and _one_name(taken[-1], token, text[match.end() :]):
            taken.append(token)
            continue
        if not token[0].isalnum() or token.lower() in words().measure_ends or len(taken) == 6:
            break
        taken.append(token)
    return " ".join(taken)


def _before(text: str) -> str:
    """The last words before a number, back to punctuation."""
    clause = re.split(r"[,;:(](?!\d)|\s(?:and|with|while)\s", text.strip())[-1]
    return " ".join(clause.split()[-6:])


def _one_name(before: str, joint: str, after: str) -> bool:
    """Whether "and" stands inside a name: "Assessment and Intervention Teams"."""
    return joint == "and" and before[0].isupper() and re.match(r"\s[A-Z]", after) is not None


def _unit(measure: str) -> str:
    """A duration's unit is its noun; a count's is the last word of what is counted."""
    tokens = re.split(r" (?:from|of|with|in|for) ", measure)[0].split()
    first = next((token for token in tokens if token.lower() in words().durations), "")
    return first.lower() or (tokens[-1].lower() if tokens else "")


def _counted(text: str, found: list[DateSpan]) -> list[Number]:
    """The numbers that stand before something countable and are no part of a date."""
    return [
        number
        for number in find(text)
        if not any(dated.overlapping(number.start, number.end, found)) and _counts(text, number)
    ]


def _counts(text: str, number: Number) -> bool:
    if number.unit:
        return True
    tail = text[number.end :]
    head = text[: number.start]
    if _RISE.search(head) or (_FROM_TO.search(head) and _moved(head.rstrip())):
        return True
    if text[number.start : number.end][0].isdigit():
        return bool(tail.strip(" .);") or _FROM_TO.search(text[: number.start]))
    return bool(re.match(r"[- ](?:[\w'’-]+\s){0,4}?[\w'’-]+(?:s|ren|people|ly|FTE)\b", tail + " "))


def _ranges(text: str, numbers: list[Number]) -> Iterator[Number]:
    """Two numbers of one unit joined by 'to' are one range; months and years are evened out."""
    position = 0
    while position < len(numbers):
        low = numbers[position]
        high = numbers[position + 1] if position + 1 < len(numbers) else None
        joined = high and _joined(text, low, high)
        yield joined or low
        position += 2 if joined else 1


def _joined(text: str, low: Number, high: Number) -> Number | None:
    between = text[low.end : high.start]
    unit = _until_end(text[high.end :]).split()[:1]
    if low.unit != high.unit or re.search(r"\bfrom\s*$", text[: low.start]):
        return None
    if _TO.fullmatch(between) and float(low.value) < float(high.value):
        if "and" in between and not re.search(r"\bbetween\s*$", text[: low.start]):
            return None
        return replace(low, end=high.end, value=f"{low.value}/{high.value}")
    if re.fullmatch(r"\s*months?\s+to\s*", between) and unit and unit[0].startswith("year"):
        return replace(low, value=f"{low.value}/{int(high.value) * 12}")
    return None


def _when(
    text: str, number: Number, found: list[DateSpan], anchor: str | None, said: str | None
) -> str | None:
    """The date beside the number; the later end of a change is of the day it is told."""
    head = text[: number.start]
    if beside := dated.beside(text, number.start, number.end, found):
        return beside.edtf
    if anchor and dated.at_event(text):
        return anchor
    if anchor and _LATER_END.search(head) and _change().search(text):
        since = [span for span in found if _SINCE.search(text[: span.start])]
        return f"{since[0].edtf.split('/')[0]}/{latest(anchor)}" if since else None
    before = [span for span in found if span.end <= number.start]
    other = [] if said and not dated.compared(head) else found[:1]
    stated = before[-1:] or dated.about(text, found)[:1] or other
    return stated[0].edtf if stated else None


@cache
def _change() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_changes()})\b", re.IGNORECASE)


@cache
def _moves() -> str:
    return any_of(words().change["moved"])


@cache
def _changes() -> str:
    return any_of((*words().change["rise"], *words().change["fall"]))


def _anchor(document: Document, context: Context) -> str | None:
    """The date that the document speaks of: its own event's, else its own."""
    if context.own is not None and context.own.event.date:
        return context.own.event.date
    return document.identity.date.value if document.identity.date else None


def _default(text: str, anchor: str | None, visit: bool) -> str | None:
    return anchor if visit or _PRESENT.search(text) else None


def _private(text: str) -> bool:
    """Sentences on crimes, deaths and punishments are about private people."""
    return bool(re.search(rf"\b(?:{any_of(words().private)})\b", text, re.IGNORECASE))
