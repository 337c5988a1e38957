"""Under which framework an earlier inspection graded, from its title or its date."""

from __future__ import annotations

import re

from kg import dates
from kg.kinds import Framework, any_of, frameworks
from kg.model import EventRef

_HEADING = re.compile(r"\b(?:re-?)?inspection\b|\bilacs\b", re.I)
_NOT_GRADED = re.compile(r"\b(?:joint|monitoring|visit|homes?|agency|framework)\b|\bjtai\b", re.I)


def framework_of(words: str, date: str | None) -> Framework | None:
    """The framework in force on the day, of several the one whose title the words print.

    Without a day the words alone tell.
    """
    known = [f for f in frameworks().frameworks if f.domains]
    month = (date or "")[:7]
    in_force = [f for f in known if not month or _began(f, month)]
    named = [f for f in in_force if any_of(f.title).search(words)]
    fitting = named or (in_force if month else [])
    return fitting[-1] if fitting else None


def heading_event(heading: str) -> EventRef | None:
    """The graded inspection that a heading names with its year or date."""
    spans = dates.find(heading)
    if not spans or not _HEADING.search(heading) or _NOT_GRADED.search(heading):
        return None
    return EventRef("inspection", None, spans[0].edtf, "Ofsted")


def _began(framework: Framework, month: str) -> bool:
    until = framework.until or "9999"
    return framework.from_[: len(month)] <= month <= until[: len(month)]
