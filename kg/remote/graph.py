"""A graph in a SPARQL 1.1 store, by its query, update and graph store addresses.

Solutions are asked for as JSON, in which all engines keep every character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import msgspec
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from kg.errors import FindingsError, QueryError, StoreUnavailable
from kg.graphs import Answer
from kg.remote.http import ATTEMPTS, Client, Limits, Rejected
from kg.remote.settings import StoreSettings
from ontology.terms import term

RESULTS, TRIPLES = "application/sparql-results+json", "application/n-triples"
STATE = "graph/state"
SHA = term("schema", "sha256")

_NOISE = re.compile(
    r"<[^<>\s]*>|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[?$]\w+|[\w.-]*:[\w.%-]*|\#[^\r\n]*"
)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_ASKED = b'"__ASK_RETVAL"'
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTH = {"0": "false", "1": "true"}


def form_of(sparql: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE.

    >>> form_of("PREFIX select: <http://ask/> ASK { ?s select:ask 1 }")
    'ASK'
    """
    found = _FORM.search(_NOISE.sub(" ", sparql))
    if found is None:
        raise QueryError("The query is no SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return found[1].upper()


def parsed(body: IO[bytes], form: str) -> Answer:
    """A store's answer; SyntaxError where it is broken off before its end."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        return (quad.triple for quad in parse(body, RdfFormat.N_TRIPLES))
    data = body.read()
    if b"typed-literal" in data or _ASKED in data:
        data = _by_the_book(data, form)
    else:
        _decoded(data, dict[str, msgspec.Raw])
    return parse_query_results(data, QueryResultsFormat.JSON)


def _decoded(data: bytes, kind: type[Any]) -> Any:
    """What breaks off would else be noticed in the middle of reading."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise SyntaxError(str(error)) from error


def _by_the_book(data: bytes, form: str) -> bytes:
    """JSON of Virtuoso: typed literals by another name, truth values as digits, ASK as a row."""
    answer = _decoded(data, dict)
    rows = answer["results"]["bindings"]
    if form == "ASK":
        return msgspec.json.encode({"head": {}, "boolean": bool(rows)})
    for row in rows:
        for value in row.values():
            if value["type"] == "typed-literal":
                value["type"] = "literal"
                if value["datatype"] == _BOOLEAN:
                    value["value"] = _TRUTH.get(value["value"], value["value"])
    return msgspec.json.encode(answer)


class RemoteGraph:
    """The graphs below ``base`` in a store, and others that were published beside them.

    What else the store holds is left alone.

    The store's default graph must be the union of its named graphs.
    """

    def __init__(self, settings: StoreSettings, base: str) -> None:
        self.client = Client(settings)
        self._settings, self._within = settings, f"{base}graph/"
        self.state = NamedNode(f"{base}{STATE}")

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    # --- reading ---------------------------------------------------------------------------

    def query(self, sparql: str, seconds: float | None = None) -> Answer:
        """The answer to a query of ours; tried again while the store is busy.

        With ``seconds`` it is asked once and must come in that time.
        """
        limits, attempts = (Limits(seconds), 1) if seconds else (None, ATTEMPTS)
        form = form_of(sparql)
        accept = TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else RESULTS
        try:
            with self.client.translated():
                url, form_data = self._settings.sparql_url, {"query": sparql}
                body = self.client.read(url, accept, form_data, limits, attempts)
        except FindingsError as error:
            refused = error.__cause__
            if isinstance(refused, Rejected) and refused.status not in (401, 403):
                raise QueryError(
                    "The graph store cannot run the query.", why=refused.text
                ) from error
            raise
        return self._parsed(body, form)

    def _parsed(self, body: IO[bytes], form: str) -> Answer:
        try:
            with body:
                answer = parsed(body, form)
                if isinstance(answer, QuerySolutions | QueryBoolean):
                    return answer
                return list(answer)
        except SyntaxError as error:
            raise StoreUnavailable(
                f"The answer of the graph store at {self.client.host} cannot be read.",
                why=str(error)[:200],
                cure="Try again; a store with a time limit of its own breaks answers off.",
            ) from error

    def select(self, sparql: str, seconds: float | None = None) -> QuerySolutions:
        """The solutions of a SELECT query of ours."""
        solutions = self.query(sparql, seconds)
        if not isinstance(solutions, QuerySolutions):
            raise QueryError("Only a SELECT query has solutions.")
        return solutions

    def names(self) -> Iterator[NamedNode]:
        """The names of our graphs, in order."""
        return map(NamedNode, sorted(self.counts()))

    def graph(self, name: NamedNode) -> Iterator[Quad]:
        """The quads of one named graph."""
        answer = self.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
        for triple in answer:  # type: ignore[union-attr]
            yield Quad(triple.subject, triple.predicate, triple.object, name)

    def quads(self) -> Iterator[Quad]:
        """All quads of our graphs, a graph at a time."""
        for name in self.names():
            yield from self.graph(name)

    def count(self, name: NamedNode) -> int:
        """How many triples a named graph holds."""
        rows = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
        return sum(_number(row["n"]) for row in rows)

    def counts(self) -> dict[str, int]:
        """Triples of each of our graphs."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        found = {row["g"].value: _number(row["n"]) for row in rows}
        noted = set(self.digests())
        return {
            name: count
            for name, count in found.items()
            if name != self.state.value and (name in noted or name.startswith(self._within))
        }

    def digests(self) -> dict[str, str]:
        """The digest of every graph that was published here."""
        rows = self.select(f"SELECT ?g ?sha WHERE {{ GRAPH {self.state} {{ ?g {SHA} ?sha }} }}")
        return {row["g"].value: row["sha"].value for row in rows}

    def __len__(self) -> int:
        return sum(self.counts().values())

    # --- writing ---------------------------------------------------------------------------

    def replace(self, name: NamedNode, triples: Iterable[Triple]) -> None:
        """Make a graph hold these triples and no others, by one request."""
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        self.client.send(
            "PUT",
            self._address("graph"),
            params={"graph": name.value},
            content=lambda: iter((data,)),
            content_type=TRIPLES,
        )

    def drop(self, name: NamedNode) -> None:
        """Take a graph away; nothing happens where there is none."""
        self.client.send("DELETE", self._address("graph"), params={"graph": name.value})

    def update(self, sparql: str) -> None:
        """Run an update of ours."""
        self.client.send(
            "POST",
            self._address("update"),
            content=lambda: iter((sparql.encode(),)),
            content_type="application/sparql-update",
        )

    def _address(self, what: str) -> str:
        address: str = getattr(self._settings, f"sparql_{what}_url")
        if not address:
            raise FindingsError(
                "The graph store can only be read.",
                why=f"FINDINGS_SPARQL_{what.upper()}_URL is not set.",
                cure="Set it to publish.",
            )
        return address


def fetch(
    graph: RemoteGraph, form: Sequence[tuple[str, str]], accept: str, limits: Limits
) -> IO[bytes]:
    """A visitor's query, sent once; see :mod:`kg.remote.http` for what it raises."""
    fields: dict[str, list[str]] = {}
    for name, value in form:
        fields.setdefault(name, []).append(value)
    return graph.client.read(graph.client.settings.sparql_url, accept, fields, limits, attempts=1)


def _number(term: object) -> int:
    if not isinstance(term, Literal):
        raise TypeError(f"{term} is not a count")
    return int(term.value)
