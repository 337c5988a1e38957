"""The graph store behind one interface; here embedded, a RocksDB directory of pyoxigraph.

A store is written once, in a directory that nobody reads yet, and then opened read-only by
any number of processes. Queries see the union of all named graphs as their default graph.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg.errors import GenerationError, QueryError
from ontology.terms import TYPE

if TYPE_CHECKING:
    from typing_extensions import Buffer

_AT_ONCE = 100_000
"""Quads of one load: about a kilobyte of memory each, against a twentieth more time."""

_BYTES_AT_ONCE = 1 << 25
"""Bytes of N-Quads of one load: about as many quads."""

Describe = Callable[[Store], Iterable[Quad]]
"""Further quads, made from what a store holds once it is complete."""


def write(
    directory: Path,
    quads: Iterable[Quad],
    describe: Describe | None = None,
    said: Iterable[bytes] = (),
) -> int:
    """A new store with these quads and those that are said in N-Quads; the number of distinct
    quads it then holds."""
    store = Store(str(directory))
    _load(store, quads)
    _load_said(store, said)
    count = _finish(store, describe)
    store.optimize()
    return count


@dataclass(frozen=True)
class Exchange:
    """What a revised store no longer holds: whole graphs, and single quads of others."""

    graphs: Iterable[NamedNode] = ()
    quads: Iterable[Quad] = ()


def revise(
    base: Path,
    directory: Path,
    gone: Exchange,
    quads: Iterable[Quad],
    describe: Describe | None = None,
    said: Iterable[bytes] = (),
) -> int:
    """A copy of another store in which some quads are exchanged; its number of quads.

    Unchanged data is shared with ``base`` by hard links and not copied; nor is it put in order
    anew, which would write all of it again, until there are many layers to look through.
    """
    store = _exchanged(base, directory, gone)
    _load(store, quads)
    _load_said(store, said)
    return _finish(store, describe)


def rewrite(
    base: Path,
    directory: Path,
    gone: Exchange,
    quads: Iterable[Quad],
    describe: Describe | None = None,
    said: Iterable[bytes] = (),
) -> int:
    """What :func:`revise` makes, in a store of its own: of what is gone it keeps not a word.

    A store keeps the strings of quads that are taken out, so the others move to a new one.
    """
    left = directory.with_name(f"{directory.name}.left")
    store = Store(str(directory))
    with io.BufferedWriter(_Lines(store), _BYTES_AT_ONCE) as lines:
        _exchanged(base, left, gone).dump(lines, RdfFormat.N_QUADS)
    shutil.rmtree(left)
    _load(store, quads)
    _load_said(store, said)
    count = _finish(store, describe)
    store.optimize()
    return count


def _exchanged(base: Path, directory: Path, gone: Exchange) -> Store:
    """A copy of a store without some quads, sharing its files."""
    Store.read_only(str(base)).backup(str(directory))
    store = Store(str(directory))
    for graph in gone.graphs:
        store.remove_graph(graph)
    for quad in gone.quads:
        store.remove(quad)
    return store


class _Lines(io.RawIOBase):
    """Loads the N-Quads that are written to it, whole lines at a time."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store, self._rest = store, b""

    def writable(self) -> bool:
        """It is, and nothing else."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Load all lines that are complete."""
        whole, end, self._rest = (self._rest + bytes(data)).rpartition(b"\n")
        self._store.bulk_load(whole + end, RdfFormat.N_QUADS, lenient=True)
        return memoryview(data).nbytes


def _load(store: Store, quads: Iterable[Quad]) -> None:
    """Add quads, so many at a time: left to itself a load holds two million in memory."""
    rest = iter(quads)
    for first in rest:
        store.bulk_extend(chain((first,), islice(rest, _AT_ONCE - 1)))


def _load_said(store: Store, said: Iterable[bytes]) -> None:
    """Add quads that are said in N-Quads by us, so many bytes at a time."""
    held: list[bytes] = []
    for data in chain(said, (b"",)):
        held.append(data)
        if not data or sum(map(len, held)) >= _BYTES_AT_ONCE:
            lines = b"".join(held)
            store.bulk_load(input=lines, format=RdfFormat.N_QUADS, lenient=True)
            held = []


def _finish(store: Store, describe: Describe | None) -> int:
    if describe is not None:
        store.bulk_extend(describe(store))
    store.flush()
    return len(store)


class GraphStore:
    """A store opened for reading."""

    def __init__(self, directory: Path) -> None:
        try:
            self._store = Store.read_only(str(directory))
        except OSError as error:
            raise GenerationError(
                f"The graph at {directory} cannot be opened.",
                why=str(error),
                cure="Run `findings build` again.",
            ) from error

    def __len__(self) -> int:
        return len(self._store)

    def query(self, sparql: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query of ours; a visitor's query never runs in this process."""
        try:
            return self._store.query(sparql, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError("The query cannot be parsed.", why=str(error)) from error

    def select(self, sparql: str) -> QuerySolutions:
        """The solutions of a SELECT query of ours."""
        solutions = self.query(sparql)
        if not isinstance(solutions, QuerySolutions):
            raise QueryError("Only a SELECT query has solutions.")
        return solutions

    def quads(self) -> Iterator[Quad]:
        """All quads of all graphs."""
        return self._store.quads_for_pattern(None, None, None, None)

    def all(self) -> Iterator[Quad]:
        """Every quad."""
        return self._store.quads_for_pattern(None, None, None, None)

    def names(self) -> Iterator[NamedNode]:
        """The names of all graphs."""
        return (name for name in self._store.named_graphs() if isinstance(name, NamedNode))

    def graph(self, name: NamedNode) -> Iterator[Quad]:
        """The quads of one named graph."""
        return self._store.quads_for_pattern(None, None, None, name)

    def turtle(self, name: NamedNode, prefixes: dict[str, str]) -> str:
        """One named graph as Turtle, things in order of IRI, the class of each first."""
        triples = sorted((quad.triple for quad in self.graph(name)), key=_reading_order)
        iris = {part.value for triple in triples for part in triple if isinstance(part, NamedNode)}
        used = {
            p: iri
            for p, iri in prefixes.items()
            if p == "xsd" or any(i.startswith(iri) for i in iris)
        }
        text = serialize(triples, format=RdfFormat.TURTLE, prefixes=used)
        return text.decode() if text else ""


def _reading_order(triple: Triple) -> tuple[str, bool, str, str]:
    return str(triple.subject), triple.predicate != TYPE, triple.predicate.value, str(triple.object)
