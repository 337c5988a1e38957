"""How questions reach a graph, wherever it lives: embedded, in a worker, behind a URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyoxigraph as ox

from kg.graphs import Graph as Store

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Mapping[str, Term | None]


class Graph(Protocol):
    """Answers the service's own SELECT queries."""

    def select(self, sparql: str) -> list[Row]:
        """Solutions in order, every variable in each; QueryError if it cannot be run."""
        ...


class StoreGraph:
    """A graph with its rows as lists. Only for queries of our own making, never for visitors'."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def select(self, sparql: str) -> list[Row]:
        """Solutions of one of our queries."""
        solutions = self._store.select(sparql)
        names = [variable.value for variable in solutions.variables]
        return [{name: solution[name] for name in names} for solution in solutions]
