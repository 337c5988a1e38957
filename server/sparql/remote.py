"""Visitors' queries on a SPARQL store behind a URL: the same gate, formats and limits.

The engine is not ours to kill, so a query is held by a deadline on its connection and by caps
on bytes and rows. Give the engine a time limit of its own beside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

import pyoxigraph as ox

from kg.errors import StoreUnavailable
from kg.remote import http
from kg.remote.graph import RESULTS, TRIPLES, RemoteGraph, fetch
from server.sparql import formats
from server.sparql.engine import Term
from server.sparql.errors import (
    PoolUnavailable,
    QueryCancelled,
    QueryRefused,
    ServiceForbidden,
    UnknownGraph,
)
from server.sparql.formats import Format
from server.sparql.gate import FORMS, decoded, tokens
from server.sparql.lane import Lane, LaneSize
from server.sparql.limits import QueryLimits
from server.sparql.query import Query, QueryResult, deadline, too_large
from server.sparql.translation import Bounds, written

OWN_FUNCTIONS = ("bif:", "sql:")
"""Functions of Virtuoso, some of which fetch addresses or read files."""


class Slot:
    """The right to have one query running."""


def _whole(limits: QueryLimits) -> Bounds:
    """Bounds for a graph that is read by its name."""
    return Bounds(limits.seconds, None, limits.graph_bytes)


class RemotePool:
    """Answers queries by a SPARQL store, so many at a time, a fair share for each client."""

    def __init__(
        self, graph: RemoteGraph, limits: QueryLimits | None = None, *, generation: str = ""
    ) -> None:
        self.limits = sizes = limits or QueryLimits()
        self._graph, self._generation = graph, generation
        size = LaneSize(sizes.workers, sizes.per_client, sizes.waiting, sizes.waiting_seconds)
        self.visitors: Lane[Slot] = Lane(size, lambda slot: False, Lane.put)
        for _ in range(size.workers):
            self.visitors.put(Slot())

    @property
    def generation(self) -> str:
        """Name of the generation that the store holds completely."""
        return self._generation

    def switch(self, store: Path | str, generation: str = "") -> None:
        """Name another generation; the store holds its graph already."""
        self._generation = generation

    def query(
        self, query: Query | str, *, client: str = "", gone: Callable[[], bool] | None = None
    ) -> QueryResult:
        """A visitor's query, which has passed the gate; complete, or a QueryFailure."""
        asked = Query(query, form="SELECT") if isinstance(query, str) else query
        _check(asked)
        solutions, graph = formats.for_form(asked.form, asked.accept, asked.format)
        chosen = graph if asked.form in ("CONSTRUCT", "DESCRIBE") else solutions
        if chosen is None:
            raise TypeError("for_form refuses a form without a format")
        seconds = min(asked.seconds or self.limits.seconds, self.limits.seconds)
        bounds = Bounds(seconds, self.limits.rows, self.limits.bytes)
        return self._answer(asked, chosen, bounds, client, gone)

    def graph(self, name: str, chosen: Format, *, client: str = "") -> QueryResult:
        """All triples of one graph; ``""`` is the default graph, all graphs together."""
        where = f"GRAPH {ox.NamedNode(name)} {{ ?s ?p ?o }}" if name else "?s ?p ?o"
        query = Query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", form="CONSTRUCT")
        found = self._answer(query, chosen, _whole(self.limits), client)
        if name and not found.rows:
            found.body.close()
            raise UnknownGraph("There is no graph of this name.")
        return found

    def select(self, text: str) -> list[dict[str, Term]]:
        """Rows of one of our own SELECT queries; variables that are unbound are absent."""
        try:
            found = self._graph.select(text)
        except StoreUnavailable as error:
            raise _lost(error) from error
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]

    def _answer(
        self,
        asked: Query,
        chosen: Format,
        most: Bounds,
        client: str,
        gone: Callable[[], bool] | None = None,
    ) -> QueryResult:
        start = time.monotonic()
        bounds = http.Limits(most.seconds, most.bytes, gone)
        kind = "graph" if asked.form in ("CONSTRUCT", "DESCRIBE") else "solutions"
        accept = TRIPLES if kind == "graph" else RESULTS
        generation = self.generation
        with self.visitors.lend(client), self._fetch(_form(asked), accept, bounds) as body:
            out, length, rows = written(body, asked.form, chosen, most)
        kind = "boolean" if asked.form == "ASK" else kind
        spent = (time.monotonic() - start) * 1000
        return QueryResult(kind, chosen, out, length, rows, spent, generation)

    def _fetch(self, form: list[tuple[str, str]], accept: str, bounds: http.Limits) -> IO[bytes]:
        try:
            return fetch(self._graph, form, accept, bounds)
        except http.Overdue:
            raise deadline(bounds.seconds) from None
        except http.Abandoned:
            raise QueryCancelled("The client went away.") from None
        except http.TooLarge:
            raise too_large("result bytes", bounds.size) from None
        except http.Rejected as error:
            raise _rejected(error) from error
        except StoreUnavailable as error:
            raise _lost(error) from error

    def status(self) -> dict[str, Any]:
        """Counts of the lane, and the generation."""
        return {"generation": self.generation, "visitors": self.visitors.counts()}

    def close(self) -> None:
        """Nothing of ours is left running."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check(asked: Query) -> None:
    """Refuse what only some engines read: pragmas, and functions that reach outside."""
    if asked.form not in FORMS:
        raise QueryRefused(
            "The query is no SELECT, ASK, CONSTRUCT or DESCRIBE.",
            cure="Leave out what the SPARQL 1.1 grammar does not have.",
        )
    for text in {asked.text, decoded(asked.text)}:
        for piece in tokens(text):
            if piece.text.lower().lstrip("<").startswith(OWN_FUNCTIONS):
                raise ServiceForbidden("Functions of the engine's own are not allowed here.")


def _form(asked: Query) -> list[tuple[str, str]]:
    """The fields of the request, by the names of the protocol."""
    base = f"BASE <{asked.base}> " if asked.base else ""
    return [
        ("query", base + asked.text),
        *(("default-graph-uri", iri) for iri in asked.default_graphs or ()),
        *(("named-graph-uri", iri) for iri in asked.named_graphs or ()),
    ]


def _rejected(error: http.Rejected) -> QueryRefused | PoolUnavailable:
    if error.status in (401, 403) or error.status >= 500:
        return PoolUnavailable(
            "The graph store does not answer this query.",
            why=f"It says {error.status}.",
            cure="Try again, or ask for less.",
            retry_after=5,
        )
    return QueryRefused("The graph store cannot evaluate the query.", why=error.text)


def _lost(error: StoreUnavailable) -> PoolUnavailable:
    return PoolUnavailable("The graph store cannot be reached.", cure="Try again.", retry_after=10)
