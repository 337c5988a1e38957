"""Posts taken up and left, as events: from the tenures that sentences state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.edtf import compatible, latest
from kg.extract.context import Context
from kg.extract.flat import flatten
from kg.model import Document, EventClaim, EventRef, TenureClaim

EXTRACTOR = "events@2"
_STATE = re.compile(
    r"\b(?:been|is|are) in (?:(?:the|this|that|his|her|their) )?(?:post|role|position|office) "
    r"(?:since|for)\b",
    re.I,
)
"""Tells that somebody holds a post and how long, aside; not that it was taken up."""
_BESIDE = 15
_BESIDE = 15


def changes(document: Document, context: Context) -> Iterator[EventClaim]:
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
