"""A document's own date: where each genre prints it, and what it falls back on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg import dates
from kg.dates import DateSpan
from kg.letterhead import Line, lines, salutation
from kg.model import Stated

Basis = Literal["published", "signed", "meeting", "event", ""]

_PUBLISHED = re.compile(
    r"(?<!originally )\b(?:report\s+)?(?:published|publication\s+date|"
    r"date\s+(?:of\s+publication|published))\s*(?:on\b)?\s*:?\s*(?=\S)",
    re.I,
)
_DATED = re.compile(
    r"^[^\S\n]*[*_]*(?:dated|date)\b\s*:?[*_]*\s*(?:this\s+)?(?:day\s+of\s+)?", re.I | re.M
)
_ISSUED = re.compile(r"\b(?:is|was)\s+(?:issued|given|made|served)\b[^.\n]{0,120}?\bon\s+", re.I)
_EFFECT = re.compile(r"\b(?:takes|comes\s+into|has)\s+(?:effect|force)\s+(?:on|from)\s+", re.I)
_MINUTES = re.compile(r"^[^\w\n]*minutes(?:\s+of\b|\s*[:–-])", re.I | re.M)
_HELD = re.compile(r"\b(?:held|meeting)\b", re.I)
_HEAD = 3000


@dataclass(frozen=True)
class Dated:
    """A date with the words that print it, and what it is the date of."""

    date: Stated | None = None
    basis: Basis = ""


def date_of(text: str, rule: str, on_site: list[DateSpan]) -> Dated:
    """The date by the rule of the document's kind, else the last day of its own event."""
    rules = {
        "letter": _of_letter,
        "published": _of_report,
        "signed": _of_instrument,
        "held": _of_meeting,
        "headed": _of_heading,
        "": _of_anything,
    }
    found = rules[rule](text)
    return found if found.date or not on_site else _event(on_site)


def _of_letter(text: str) -> Dated:
    end = salutation(text) or _HEAD
    span = _alone(lines(text, 0, end)) or _first_day(text, 0, end)
    return _as(span or _after(_PUBLISHED, text[:4000], reach=30), "signed")


def _of_report(text: str) -> Dated:
    span = _after(_PUBLISHED, text[:4000], reach=30)
    end = salutation(text)
    if span is None and end is not None:
        return _as(_alone(lines(text, 0, end)), "signed")
    return _as(span, "published")


def _of_instrument(text: str) -> Dated:
    span = _after(_DATED, text, reach=60, last=True) or _alone(
        lines(text, max(0, len(text) - 1500))
    )
    span = span or _alone(lines(text, 0, 1500)) or _after(_ISSUED, text[:_HEAD], reach=40)
    if span:
        return _as(span, "signed")
    return _as(_after(_EFFECT, text, reach=40, last=True), "event", inferred=True)


def _of_meeting(text: str) -> Dated:
    """The day on the line of the title, else the first that stands alone or after "held".

    Further down, minutes name the day of the meeting before, which must not be taken.
    """
    top = text[:1500]
    if span := next(_on_lines(_MINUTES, top), None):
        return _as(span, "meeting")
    near = [_alone(lines(top)), next(filter(None, _on_lines(_HELD, top)), None)]
    first = min(filter(None, near), key=lambda span: span.start, default=None)
    return _as(first or _first_day(text, 0, 1500), "meeting")


def _of_heading(text: str) -> Dated:
    head = lines(text, 0, _HEAD)
    return _as(_alone(head) or _at_end(head[:12]), "published")


def _of_anything(text: str) -> Dated:
    end = salutation(text)
    if end is not None:
        return _of_letter(text)
    top = lines(text, 0, 1200)
    return _as(_after(_PUBLISHED, text[:1200], reach=30) or _alone(top), "published")


def _event(on_site: list[DateSpan]) -> Dated:
    last = on_site[-1]
    return Dated(Stated(dates.latest(last.edtf), last.start, last.end), "event")


def _alone(near: list[Line]) -> DateSpan | None:
    """A date that has a line to itself, but for a label or a weekday."""
    for line in near:
        found = dates.find(line.text)
        if len(found) == 1 and len(found[0].edtf) in (7, 10):
            rest = line.text[: found[0].start] + line.text[found[0].end :]
            if not re.sub(
                r"\b(?:date[d]?|published|updated|on|our ref|st|nd|rd|th)\b|\W",
                "",
                rest,
                flags=re.I,
            ):
                return _moved(found[0], line.start)
    return None


def _at_end(near: list[Line]) -> DateSpan | None:
    """A date at the end of a short line ("Report to the Minister, March 2018")."""
    for line in near:
        found = [s for s in dates.find(line.text) if len(s.edtf) in (7, 10)]
        if len(line.text) < 160 and found and not line.text[found[-1].end :].strip(" .)"):
            return _moved(found[-1], line.start)
    return None


def _first_day(text: str, start: int, end: int) -> DateSpan | None:
    days = [span for span in dates.find(text[start:end]) if len(span.edtf) == 10]
    return _moved(days[0], start) if days else None


def _after(mark: re.Pattern[str], text: str, *, reach: int, last: bool = False) -> DateSpan | None:
    """The date that follows some words closely: after their first or their last occurrence."""
    hits = list(mark.finditer(text))
    for hit in reversed(hits) if last else hits:
        found = dates.find(text[hit.end() : hit.end() + reach])
        if (
            found
            and len(found[0].edtf) in (7, 10)
            and not text[hit.end() :][: found[0].start].strip()
        ):
            return _moved(found[0], hit.end())
    return None


def _on_lines(mark: re.Pattern[str], text: str) -> Iterator[DateSpan | None]:
    """For each occurrence of some words, the first day after them on their line."""
    for hit in mark.finditer(text):
        end = text.find("\n", hit.end())
        yield _first_day(text, hit.end(), end if end > 0 else len(text))


def _moved(span: DateSpan, by: int) -> DateSpan:
    return DateSpan(span.start + by, span.end + by, span.edtf)


def _as(span: DateSpan | None, basis: Basis, *, inferred: bool = False) -> Dated:
    if span is None:
        return Dated()
    stated = Stated(span.edtf, span.start, span.end, "inferred" if inferred else "stated")
    return Dated(stated, basis)
