"""The graph as all readers see it, wherever it lives: embedded, or behind a URL.

Two implementations: :class:`kg.store.GraphStore`, a directory of pyoxigraph, and
:class:`kg.remote.graph.RemoteGraph`, any SPARQL 1.1 store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, Triple

Answer = QuerySolutions | QueryBoolean | Iterable[Triple]
"""Solutions of SELECT, the truth of ASK, or the triples of CONSTRUCT and DESCRIBE."""


class Graph(Protocol):
    """Answers our own queries over the union of all named graphs.

    A :class:`kg.errors.QueryError` tells of a query that cannot be run, a
    :class:`kg.errors.StoreUnavailable` of a store that does not answer.
    """

    def __len__(self) -> int:
        """Quads of all graphs."""
        ...

    def query(self, sparql: str) -> Answer:
        """The answer to a query of ours."""
        ...

    def select(self, sparql: str) -> QuerySolutions:
        """The solutions of a SELECT query of ours."""
        ...

    def names(self) -> Iterator[NamedNode]:
        """The names of all graphs."""
        ...

    def graph(self, name: NamedNode) -> Iterator[Quad]:
        """The quads of one named graph; none where there is no such graph."""
        ...

    def quads(self) -> Iterator[Quad]:
        """All quads of all graphs."""
        ...


class WritableGraph(Graph, Protocol):
    """A graph whose named graphs can be exchanged one by one."""

    def replace(self, name: NamedNode, triples: Iterable[Triple]) -> None:
        """Make a named graph hold these triples and no others, in one step."""
        ...

    def drop(self, name: NamedNode) -> None:
        """Take a named graph away; nothing happens where there is none."""
        ...

    def count(self, name: NamedNode) -> int:
        """How many triples a named graph holds."""
        ...
