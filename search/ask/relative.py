"""Times that are said by an event: "after the 2018 inspection", "at the second visit".

The event is looked for among those of the collection; its own date then stands in the
place of the words. An ordinal counts only where the event's document states it, since a
collection need not hold all visits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg import gazetteer
from kg.edtf import earliest, latest
from search.ask.cues import Place, cues
from search.ask.dates import SIDES, SPAN, Spotted, opened
from search.ask.vocabulary import Entry, Vocabulary

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

_ORDINAL = re.compile(
    rf"\b({'|'.join(ORDINALS)}|last|latest|most recent)\s+(?:ofsted(?:'s)?\s+)?(?:full\s+)?$", re.I
)

_INSIDE = re.compile(r"(?:the )?(last|latest)\b", re.I)
_OF = re.compile(r"\s(?:of|in|on|from|dated|held in)\s|\s", re.I)

Spots = list[tuple[re.Match[str], Place]]


def resolved(
    text: str, spots: Spots, dates: Sequence[Spotted], vocabulary: Vocabulary
) -> tuple[Spots, list[Spotted]]:
    """Place words and dates, with times by an event made dates of their own."""
    kept, found = [], list(dates)
    for match, place in spots:
        before = next((d for d in found if 0 <= match.start() - d.end <= 1), None)
        behind = next((d for d in found if _OF.fullmatch(text[match.end() : d.start])), None)
        start = before.start if before else match.start()
        ordinal, start = ("", start) if before else _ordinal(text, match)
        side = None if _of_itself(text, start) else SIDES.search(text[:start])
        when = _when(text, place, before or behind, ordinal, vocabulary, bool(side))
        if when and side and _ahead(when, side[1], vocabulary):
            kept.append((match, place))  # "since the last inspection", as that report itself says
        elif when and side:
            end = behind.end if behind else match.end()
            found = [d for d in found if d not in (before, behind)]
            found.append(opened(when, side[1], side.start(1), end))
        elif before and side:
            found[found.index(before)] = opened(before.value, side[1], side.start(1), before.end)
            kept.append((match, place))
        else:
            kept.append((match, place))
            if when and ordinal and not behind:
                found.append(Spotted(when, start, start + len(ordinal)))
    return kept, sorted(found, key=lambda d: d.start)


def _ahead(when: str, side: str, vocabulary: Vocabulary) -> bool:
    """Whether a period begins with an event after which its authority has no document."""
    if side.lower() not in ("after", "since", "following"):
        return False
    owners = {e.authority for e in vocabulary.events if when in e.dates and e.reported}
    days = [
        latest(day) for d in vocabulary.documents if d.authority in owners for day in d.dates[:1]
    ]
    return bool(days) and max(days) <= latest(when)


def _of_itself(text: str, start: int) -> bool:
    """Whether a time before or after an event is told by its own report: the year up to it,
    and what was found to need improvement "after" it."""
    listed = cues().named["improvement"].search(text) or cues().named["recommend"].search(text)
    after = re.search(r"\b(?:after|following)\s+(?:the\s+)?$", text[:start], re.I)
    return bool(SPAN.search(text[:start]) or (listed and after))


def _ordinal(text: str, match: re.Match[str]) -> tuple[str, int]:
    """The ordinal of a place word, in it or before it, and where that begins."""
    inside = _INSIDE.match(match.group())
    if inside:
        return inside[1].lower(), match.start()
    before = _ORDINAL.search(text[: match.start()])
    return (before[1].lower(), before.start()) if before else ("", match.start())


def _when(
    text: str,
    place: Place,
    date: Spotted | None,
    ordinal: str,
    vocabulary: Vocabulary,
    retold: bool,
) -> str:
    """The date of the one event that is meant; empty where there is none, or several. For a
    time before or after it, an event will do that other documents only tell of (``retold``)."""
    named = {each.slug for each in (*gazetteer.find(text), *gazetteer.find(text.title()))}
    held = named & vocabulary.authorities or vocabulary.authorities
    if len(held) != 1 or not (date or ordinal):
        return ""
    events = [
        e for e in vocabulary.events if e.kind in place.events and e.dates and e.authority in held
    ]
    events = [e for e in events if e.reported] if not (retold and date) else events
    if date:
        events = [e for e in events if _overlap(e, date.value)]
    elif ordinal in ORDINALS:
        events = [e for e in events if vocabulary.ordinal(e) == ordinal]
    else:
        events = sorted(events, key=lambda e: latest(e.dates[0]))[-1:]
    return events[0].dates[0] if len(events) == 1 else ""


def _overlap(event: Entry, date: str) -> bool:
    first, last = earliest(date), latest(date) or "9"
    return any(earliest(d) <= last and first <= (latest(d) or "9") for d in event.dates[:1])
