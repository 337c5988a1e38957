"""How each kind of event is mentioned: ``ontology/event_kinds.yaml``, compiled once."""

from __future__ import annotations

from functools import cache

import msgspec

from kg.extract.lexicon import load
from kg.extract.masked import Template
from kg.kinds import kinds


class EventKind(msgspec.Struct, frozen=True):
    """How one kind of event is mentioned; see ``ontology/event_kinds.yaml``."""

    kind: str
    body: str | None = None
    by: tuple[str, ...] = ()
    label: str = ""
    day: str = ""
    nouns: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    undated: bool = False
    dated: bool = False
    service: str = ""

    @property
    def name(self) -> str:
        """The kind as a label begins: "Monitoring visit"."""
        label = next((each.label for each in kinds().events if each.id == self.kind), self.kind)
        return label[:1].upper() + label[1:]


class EventKinds(msgspec.Struct, frozen=True):
    """``ontology/event_kinds.yaml``."""

    kinds: tuple[EventKind, ...]


@cache
def rules() -> tuple[tuple[EventKind, tuple[Template, ...], tuple[Template, ...]], ...]:
    """Each kind with its wordings and its nouns."""
    kinds = load("event_kinds", EventKinds).kinds
    return tuple(
        (
            kind,
            tuple(map(Template, kind.wordings)),
            tuple(Template(rf"\b(?:{noun})") for noun in kind.nouns),
        )
        for kind in kinds
    )
