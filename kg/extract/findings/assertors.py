"""Who asserts a finding, of which event, and what it is about.

A commissioner's chapter on the 2018 inspection retells that inspection: what it says counts
for that event. So does a sentence in which an earlier inspection "found" or "reported".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import get_args

from kg import dates
from kg.extract.context import Context
from kg.extract.findings.earlier import Earlier, own_event
from kg.extract.findings.places import Place, layout, plain
from kg.model import AssertorKind, Document, EventRef, OrganisationClaim, PostClaim

_FOUND = (
    r"\b(?:found|concluded|reported|noted|identified|stated|highlighted|judged|saw|said|"
    r"there (?:was|were))\b"
)
_RETELLING = (
    "commissioners-report", "statutory-direction", "statutory-notice", "committee-minutes",
)  # fmt: skip
_TABLE_OF_EVENTS = re.compile(r"\b(inspection|review|visit|report)s?\b", re.I)


@dataclass(frozen=True)
class Says:
    """Who says it of which event; ``retells`` is set when the event is an earlier one."""

    assertor: AssertorKind
    event: EventRef
    retells: EventRef | None = None
    about: str = ""


def asserted(document: Document, context: Context, place: Place, told: tuple[Earlier, ...]) -> Says:
    """Who asserts a finding, and of which event."""
    retold = _retold(document, place, told)
    assertor = _assertor(document, place)
    if retold and assertor not in ("self-assessment", "staff", "partner"):
        assertor = "inspector" if _inspected(retold) else "quoted-document"
    event = retold or own_event(document, context)
    return Says(assertor, event, retold, _about(document, context, place))


def _assertor(document: Document, place: Place) -> AssertorKind:
    low = plain(place.text)
    for kind, pattern in _patterns():
        if pattern.search(low):
            return kind
    if place.section == "staff":
        return "staff"
    return _known(layout().assertor_by_kind.get(document.identity.kind, "unknown"))


def _retold(document: Document, place: Place, told: tuple[Earlier, ...]) -> EventRef | None:
    """The earlier event that a sentence retells, by its words or by its heading."""
    low = plain(place.text)
    for earlier in told:
        if not earlier.several and _reports(low, earlier):
            return earlier.ref
    if document.identity.kind not in _RETELLING:
        return None
    return _heading_event(place)


def _reports(low: str, earlier: Earlier) -> bool:
    """Whether the words after (or "at the inspection …, there were") tell what it found."""
    after = low[earlier.end : earlier.end + 45]
    opening = re.match(r"(?:at|in|during) the\b", low) is not None and earlier.start < 40
    return re.search(_FOUND, after) is not None and (
        opening or " since " not in low[: earlier.start]
    )


def _heading_event(place: Place) -> EventRef | None:
    """The one dated event that the nearest heading names ("2014 inspection of services")."""
    heading = place.heading
    spans = dates.find(heading)
    if len(spans) != 1 or not _TABLE_OF_EVENTS.search(heading) or "following" in heading.lower():
        return None
    if re.search(r"\b(since|after|from|to)\b", heading, re.I):
        return None
    low = heading.lower()
    joint = "joint" in low or "jtai" in low
    kind = "joint-inspection" if joint else "inspection" if "inspection" in low else "review"
    kind = "monitoring-visit" if "monitoring" in low else kind
    return EventRef(kind, date=spans[0].edtf)


def _inspected(event: EventRef) -> bool:
    return event.kind.endswith(("inspection", "visit"))


def _about(document: Document, context: Context, place: Place) -> str:
    """The first body or post that the sentence names, by its canonical name."""
    sentence = place.sentence
    named = [
        (claim.start, claim.name if isinstance(claim, OrganisationClaim) else claim.post)
        for claim in context.claims
        if isinstance(claim, OrganisationClaim | PostClaim)
        and sentence.start <= claim.start < sentence.end
    ]
    return min(named)[1] if named else ""


@cache
def _patterns() -> tuple[tuple[AssertorKind, re.Pattern[str]], ...]:
    return tuple((_known(each.kind), re.compile(each.words)) for each in layout().assertors)


def _known(kind: str) -> AssertorKind:
    for each in get_args(AssertorKind):
        if each == kind:
            return each  # type: ignore[no-any-return]
    return "unknown"
