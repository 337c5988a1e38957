"""What a pipeline works with, as values: a test hands in its own, a build takes ``standard``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.cache import PartCache
from kg.corrections import in_effect
from kg.extract import EXTRACTORS, Extractor
from kg.identify import identify, slug
from kg.model import Document, Identity, Passage, Sentence
from kg.passages import passages
from kg.readers import read
from kg.resolve import Resolvers
from kg.resolve.changes import Changes
from kg.resolve.disagreements import Disagreements
from kg.resolve.events import Events
from kg.resolve.issues import Issues
from kg.resolve.judgements import Judgements
from kg.resolve.memo import Memo
from kg.resolve.organisations import Organisations
from kg.resolve.posts import Posts
from kg.resolve.tenures import Tenures
from kg.sentences import sentences
from kg.versions import graph_version

if TYPE_CHECKING:
    from kg.crew import Crew


class Embedder(Protocol):
    """An embedder as :mod:`kg.embed` has it."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class LazyEmbedder:
    """Opens a model when it is first asked for something: many builds never need one."""

    def __init__(self, model: str, cache: Path | None = None, *, deferred: bool = True) -> None:
        self._model, self._cache, self._deferred = model, cache, deferred

    @cached_property
    def _inner(self) -> Embedder:
        from kg.embed import open_embedder

        return open_embedder(self._model, cache=self._cache, deferred=self._deferred)

    @property
    def name(self) -> str:
        """The opened model's name."""
        return self._inner.name

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        return self._inner.dimension

    @property
    def precision(self) -> str:
        """The width in which it multiplies."""
        from kg.embed import precision_of

        return precision_of(self._inner)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the opened model."""
        return self._inner.encode(texts)


RESOLVERS = Resolvers(
    Events,
    Organisations,
    Posts,
    Tenures,
    disagreements=Disagreements,
    judgements=Judgements,
    changes=Changes,
)


@dataclass(frozen=True)
class Tools:
    """The functions by which a file becomes a record, and records become entities.

    ``crew`` reads many files at once in processes, which work with the standard tools; ``memo``
    keeps what resolvers concluded, and forgets the rest when a generation is published.
    """

    embedder: Embedder
    read: Callable[[Path, str], Document] = read
    identify: Callable[[Document], Identity] = identify
    slug: Callable[[Document, Identity], str] = slug
    passages: Callable[[Document], tuple[Passage, ...]] = passages
    sentences: Callable[[Document], tuple[Sentence, ...]] = sentences
    extractors: tuple[Extractor, ...] = EXTRACTORS
    resolvers: Resolvers = field(default=RESOLVERS)
    crew: Crew | None = None
    memo: Memo | None = None


def standard(model: str, home: Path, crew: Crew | None = None, *, deferred: bool = True) -> Tools:
    """The tools of a build into ``home``, whose vectors are remembered in its cache.

    With ``deferred`` the packaged model is loaded when a text first needs it, and not at once.
    """
    embedder = LazyEmbedder(model, home / "cache" / "vectors.sqlite", deferred=deferred)
    memo = Memo(PartCache(home / "cache" / "issues"), graph_version())
    resolvers = replace(RESOLVERS, issues=lambda: Issues(embedder, in_effect(home), memo))
    return Tools(embedder, resolvers=resolvers, crew=crew, memo=memo)
