"""Direction of travel: improved, declined, sustained, unchanged, too early, and since when."""

from __future__ import annotations

import re
from functools import cache

from kg.extract.findings.earlier import Earlier
from kg.extract.findings.places import layout, plain
from kg.model import Direction, EventRef, Polarity

_AGREES: dict[Polarity, tuple[Direction, ...]] = {
    "strength": ("improved", "sustained"),
    "weakness": ("declined", "unchanged", "too-early", "improved"),
    "mixed": ("improved", "declined", "unchanged", "too-early", "sustained"),
    "progress": ("improved", "too-early", "sustained", "unchanged"),
}


def travelled(
    text: str, polarity: Polarity, told: tuple[Earlier, ...]
) -> tuple[Direction | None, EventRef | None]:
    """The direction that a finding states and the event since which it does.

    A direction that contradicts the polarity ("not improved" of a strength) is not given.
    """
    low = plain(text)
    for direction, pattern in _directions():
        if direction in _AGREES[polarity] and pattern.search(low):
            return direction, _since(low, told)
    return None, None


def _since(low: str, told: tuple[Earlier, ...]) -> EventRef | None:
    """The earlier event right after "since"."""
    for match in re.finditer(layout().since, low):
        for earlier in told:
            if 0 <= earlier.start - match.end() + 12 <= 40:
                return earlier.ref
    return told[0].ref if len(told) == 1 and " since " in low else None


@cache
def _directions() -> tuple[tuple[Direction, re.Pattern[str]], ...]:
    return tuple((each.direction, re.compile(each.words)) for each in layout().directions)
