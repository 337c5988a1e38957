"""Findings of a record as the mentions that are compared with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kg.extract.scope import named_themes
from kg.model import FindingClaim, Record
from kg.quads.ids import claim_id
from kg.resolve.issues import aspects
from kg.resolve.issues.space import ThemeSpace
from kg.resolve.issues.weakness import Mention, stems


def mentions(
    record: Record, claims: Sequence[FindingClaim], space: ThemeSpace
) -> Iterator[Mention]:
    """A mention for each of a record's claims, in order; their events are yet to be resolved."""
    document = record.document
    stated = document.identity.date
    quotes = [document.quote(claim.start, claim.end) for claim in claims]
    placed = space.place(quotes) if quotes else ((), (), ())
    for claim, quote, vector, profile, problems in zip(claims, quotes, *placed, strict=True):
        yield Mention(
            id=claim_id(document.id, claim),
            document=document.id,
            start=claim.start,
            end=claim.end,
            event="",
            date=claim.event.date or (stated.value if stated else ""),
            polarity=claim.polarity,
            direction=claim.direction,
            themes=claim.themes,
            listed=claim.listed,
            quote=quote,
            vector=vector.astype(np.float16),
            profile=profile.astype(np.float16),
            problems=problems.astype(np.float16),
            named=frozenset(named_themes(quote)),
            aspects=aspects.find(quote),
            stems=stems(quote),
        )
