"""What references mean, by key: of one document, or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.resolve.entities import Side
from kg.resolve.keys import BodyKey, EventKey, PostKey


@dataclass(frozen=True)
class Meant:
    """Which entity each reference means, by its key; tenures are keyed by the id of their claim.

    ``sides`` are those of disagreements that one document gives, in the order of its text.
    """

    events: Mapping[EventKey, str]
    bodies: Mapping[BodyKey, str]
    posts: Mapping[PostKey, str]
    tenures: Mapping[str, str]
    sides: Sequence[Side]
