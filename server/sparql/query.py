"""What is asked of the pool, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import IO, Any

import msgspec

from server.sparql import formats
from server.sparql.errors import (
    QueryCrash,
    QueryDeadline,
    QueryFailure,
    QueryRefused,
    QuerySyntaxError,
    ResultTooLarge,
    UnknownGraph,
)
from server.sparql.formats import Format
from server.sparql.process import Reply

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class Query(msgspec.Struct, frozen=True, dict=True):
    """A query and how to answer it.

    ``default_graphs`` and ``named_graphs`` are the dataset that the protocol gives; where both
    are None the query's own FROM counts, and without one (``union``) the default graph is all
    graphs together. ``seconds`` can only shorten the time it has. ``form`` and ``normal`` are
    what the gate found.
    """

    text: str
    accept: str = ""
    format: str = ""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    union: bool = True
    base: str | None = None
    seconds: float | None = None
    form: str = ""
    normal: str = ""

    @cached_property
    def key(self) -> str:
        """Equal for queries that ask the same of the same dataset."""
        graphs = (self.default_graphs, self.named_graphs)
        dataset = "" if graphs == (None, None) else repr(graphs)
        parts = (self.normal or self.text, dataset, str(self.union), self.base or "")
        return sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()

    def request(self) -> dict[str, Any]:
        """What a worker needs to know of it."""
        return {
            "query": self.text,
            "base": self.base,
            "default": self.default_graphs,
            "named": self.named_graphs,
            "union": self.union,
        }


@dataclass
class QueryResult:
    """A complete answer. ``kind`` is solutions, boolean or graph; ``body`` is at its start.

    A large body is an open file, which whoever takes the result reads or closes.
    """

    kind: str
    format: Format
    body: IO[bytes]
    length: int
    rows: int
    milliseconds: float
    generation: str

    def read(self) -> bytes:
        """The whole body, which is then closed."""
        with self.body:
            return self.body.read()


def result(
    reply: Reply, solutions: Format | None, graph: Format | None, generation: str
) -> QueryResult:
    """The answer of a worker, or the failure that it tells."""
    record = reply.record
    if record["status"] != "ok":
        reply.body.close()
        raise failure(record)
    chosen = graph if record["kind"] == "graph" else solutions
    assert chosen is not None, "a worker answers only in a format it was given"  # noqa: S101
    return QueryResult(
        record["kind"], chosen, reply.body, reply.length, record["rows"], record["ms"], generation
    )


def failure(record: Mapping[str, Any]) -> QueryFailure:
    """What a worker's record tells, as the error to raise."""
    match record["status"]:
        case "syntax":
            return _syntax(record["message"])
        case "limit":
            return too_large(record["limit"], record["value"])
        case "memory":
            return crash("")
        case "no-graph":
            return UnknownGraph(
                "There is no graph of this name.",
                cure="List them with SELECT DISTINCT ?g { GRAPH ?g {} }.",
            )
        case "unacceptable":
            is_graph = record["kind"] == "graph"
            return formats.not_acceptable(formats.GRAPHS if is_graph else formats.RESULTS)
    return QueryRefused("The query cannot be evaluated.", why=record["message"])


def _syntax(message: str) -> QuerySyntaxError:
    match = _PLACE.match(message)
    line, column, rest = (int(match[1]), int(match[2]), match[3]) if match else (1, 1, message)
    expected = "The prefix is not declared." if "Prefix not found" in rest else rest[:200]
    return QuerySyntaxError(
        f"The query is not SPARQL: line {line}, column {column}.",
        why=expected[:1].upper() + expected[1:].rstrip(".") + ".",
        line=line,
        column=column,
    )


def too_large(limit: str, value: int) -> ResultTooLarge:
    """The result breaks the limit on rows or bytes."""
    return ResultTooLarge(
        f"The result is too large: the most is {value:,} {limit.removeprefix('result ')}.",
        why="A part of a result would look like the whole.",
        cure="Add a LIMIT, or page through it with ORDER BY, LIMIT and OFFSET.",
        limit=(limit, value),
    )


def deadline(seconds: float) -> QueryDeadline:
    """The query had so many seconds and did not end."""
    return QueryDeadline(
        f"The query was stopped after {seconds:g} seconds.",
        cure="Ask for less: more specific patterns, fewer OPTIONAL, a LIMIT inside.",
        limit=("seconds", seconds),
    )


def crash(last_words: str, memory: int | None = None) -> QueryCrash:
    """The query's process is gone, or ran out of memory."""
    full = "memory" in last_words.lower() or not last_words
    return QueryCrash(
        "The query is too complex: it takes more memory or stack than one query may.",
        why="Memory ran out." if full else "Its process ended.",
        cure="Ask for less: joins that share a variable, fewer groups, a LIMIT inside.",
        limit=("memory bytes", memory) if memory else None,
    )
