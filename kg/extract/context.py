"""What an extractor may use besides the document: nothing here touches disk or network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.model import Claim, EventClaim, Sentence

T = TypeVar("T")


class Embedder(Protocol):
    """Turns texts into rows of length 1; ``name`` identifies the model and its version."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Context:
    """One document's surroundings while it is being extracted.

    ``claims`` holds what the extractors earlier in the list found in this document, in
    the order they found it, so a later one builds on them and does not read twice:
    ``context.of(JudgementClaim)``.
    """

    sentences: tuple[Sentence, ...]
    embedder: Embedder
    claims: tuple[Claim, ...] = ()

    def of(self, kind: type[T]) -> Iterator[T]:
        """The earlier claims of one kind."""
        return (claim for claim in self.claims if isinstance(claim, kind))

    @property
    def own(self) -> EventClaim | None:
        """The event that this document itself reports, when the events extractor found one."""
        return next((claim for claim in self.of(EventClaim) if claim.own), None)

    def after(self, claims: Sequence[Claim]) -> Context:
        """This context with more claims known."""
        return replace(self, claims=(*self.claims, *claims))
