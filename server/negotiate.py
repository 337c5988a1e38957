"""Content negotiation (RFC 9110 §12.5.1) as one pure function.

>>> choose("text/html;q=0.5, application/json", ["text/html", "application/json"])
1
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

EXACT = 3


class Offer(NamedTuple):
    """A media type that can be sent, and other names by which clients ask for it."""

    media_type: str
    also: tuple[str, ...] = ()


class Range(NamedTuple):
    """One part of an Accept header: ``type/*;q=0.5``; parameters other than q are not weighed."""

    main: str
    sub: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How closely the range names the type: 0 no, 1 ``*/*``, 2 ``type/*``, 3 exactly."""
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == ("*", "*"):
            return 1
        if self.main != main or self.sub not in ("*", sub):
            return 0
        return 2 if self.sub == "*" else EXACT


def parse(accept: str) -> list[Range]:
    """The ranges of an Accept header; parts that cannot be read are passed over."""
    ranges = (_range(part) for part in accept.split(","))
    return [found for found in ranges if found is not None]


def _range(part: str) -> Range | None:
    name, *rest = (piece.strip().lower() for piece in part.split(";"))
    main, slash, sub = name.partition("/")
    if not (main and slash and sub) or (main == "*" and sub != "*"):
        return None
    pairs = (piece.partition("=") for piece in rest)
    stated = (value.strip() for key, _, value in pairs if key.strip() == "q")
    return Range(main, sub, _quality(next(stated, "1")))


def _quality(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0.0 <= value <= 1.0 else 0.0


def choose(accept: str, offered: Sequence[str | Offer]) -> int | None:
    """The place in ``offered`` of the type to send, or None when none is acceptable (406).

    The most specific range that matches a type gives its quality; of equal qualities a type
    that is named goes before one that a wildcard matches, then the earlier offer. An empty
    header accepts everything.
    """
    offers = [Offer(offer) if isinstance(offer, str) else offer for offer in offered]
    if not offers:
        return None
    ranges = parse(accept)
    if not accept.strip():
        return 0
    best, best_rank = None, (0.0, 0)
    for place, offer in enumerate(offers):
        rank = _rank_of_offer(ranges, offer)
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = place, rank
    return best


def _rank_of_offer(ranges: Sequence[Range], offer: Offer) -> tuple[float, int]:
    """An alias counts only where a range names it, and the type itself is not named."""
    own = _rank(ranges, offer.media_type)
    if own[1] == EXACT:
        return own
    named = [rank for name in offer.also if (rank := _rank(ranges, name))[1] == EXACT]
    return max(named, default=own)


def _rank(ranges: Sequence[Range], media_type: str) -> tuple[float, int]:
    matching = [(found.specificity(media_type), found.quality) for found in ranges]
    closest = max((specificity for specificity, _ in matching), default=0)
    if closest == 0:
        return 0.0, 0
    return max(quality for specificity, quality in matching if specificity == closest), closest
