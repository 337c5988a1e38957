"""What the endpoint needs of whatever runs visitors' queries.

Two implementations: :class:`server.sparql.pool.QueryPool`, confined processes over a store on
disk, and :class:`server.sparql.remote.RemotePool`, a SPARQL store behind a URL.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from server.sparql.formats import Format
from server.sparql.limits import QueryLimits
from server.sparql.query import Query, QueryResult

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Engine(Protocol):
    """Answers queries that have passed the gate, each within its limits."""

    limits: QueryLimits

    @property
    def generation(self) -> str:
        """Name of the generation that new queries are answered from."""
        ...

    def query(
        self, query: Query | str, *, client: str = "", gone: Callable[[], bool] | None = None
    ) -> QueryResult:
        """A visitor's query; complete, or a QueryFailure."""
        ...

    def graph(self, name: str, chosen: Format, *, client: str = "") -> QueryResult:
        """All triples of one graph; ``""`` is the default graph."""
        ...

    def select(self, text: str) -> list[dict[str, Term]]:
        """Rows of one of our own SELECT queries."""
        ...

    def status(self) -> dict[str, Any]:
        """How many queries run and wait, and over which generation."""
        ...

    def switch(self, store: Path | str, generation: str = "") -> None:
        """Answer from another generation from now on."""
        ...
