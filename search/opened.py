"""One generation, open for reading: what commands, pages and notebooks ask.

>>> with open_data(Path("data")) as opened:              # doctest: +SKIP
...     opened.searcher.search("drift in permanence")
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from kg.catalogue import Catalogue
from kg.changes import Revision
from kg.changes import load as load_changes
from kg.embed import PACKAGED, Embedder, open_embedder
from kg.generations import Generation
from kg.graphs import Graph
from search.facts import Facts
from search.graph import StoreGraph
from search.index import Index
from search.search import Searcher
from search.stores import Stores


class Opened:
    """A generation's parts, each opened when it is first asked for; threads may share it.

    ``embedder`` gives the model of the generation; it is called for searching only. ``stores``
    says where its graph and vectors live, by default as the environment does.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Callable[[], Embedder],
        stores: Stores | None = None,
    ) -> None:
        self.generation = generation
        self.name = generation.path.name
        self.base = generation.manifest.base
        self.catalogue = Catalogue(generation.catalogue)
        self.open_seconds = 0.0
        self.made: dict[str, Any] = {}
        """What others worked out of it and want to find again; it goes when this does."""

        self._embedder = embedder
        self.stores = stores or Stores(generation.path.parent.parent)

    @cached_property
    def store(self) -> Graph:
        """The graph, embedded or remote."""
        return self.stores.graph(self.generation)

    @cached_property
    def graph(self) -> StoreGraph:
        """The graph, for our own queries."""
        return StoreGraph(self.store)

    @cached_property
    def facts(self) -> Facts:
        """Lists of facts."""
        return Facts(self.graph, self.base)

    @cached_property
    def changes(self) -> tuple[Revision, ...]:
        """What each generation changed, oldest first."""
        return load_changes(self.generation.path)

    @cached_property
    def embedder(self) -> Embedder:
        """The model of the generation."""
        return self._embedder()

    @cached_property
    def searcher(self) -> Searcher:
        """Passage search; loads the model."""
        index = Index(self.generation.path)
        index.dense = self.stores.vectors(index)
        return Searcher(index, self.embedder)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Labels of the concepts of all schemes, by ``scheme/concept``."""
        return self.facts.concept_labels()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.catalogue.close()


def open_data(home: Path, model: str = PACKAGED) -> Opened:
    """The generation that is served from a data directory; GenerationError if there is none.

    ``model`` must be the one that the generation was built with.
    """
    stores = Stores(home)
    return Opened(stores.generation(), lambda: open_embedder(model), stores)
