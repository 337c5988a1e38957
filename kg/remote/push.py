"""Publish a generation's graph to a SPARQL store, one named graph at a time.

    digests of both sides ──▶ each graph that differs: PUT ──▶ those gone: DELETE
                          ──▶ counts agree ──▶ stamp: this generation is complete

The graph ``state`` holds the digest of every graph and, last, the stamp. Readers go by the
stamp: until it changes they keep the generation before. Meanwhile each graph that they query
is the old or the new one, whole. Killed or cut off at any moment, the next push goes on where
this one stopped; one that finds nothing to do writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

from kg.errors import DataLocked, StoreUnavailable
from kg.graphs import Graph
from kg.remote.graph import SHA, RemoteGraph
from ontology.terms import term

NAME, INPUTS = (term("schema", name) for name in ("version", "identifier"))


STAMP_SECONDS = 3.0
"""What the stamp may take: readers ask for it each second."""


class Stamp(msgspec.Struct, frozen=True):
    """Which generation a store holds: its name, and the digest of what it was made from."""

    name: str
    inputs: str


class Pushed(msgspec.Struct, frozen=True):
    """What a push to one store did, in named graphs or documents."""

    generation: str
    written: int
    dropped: int
    unchanged: int
    store: str = "graph"


def stamp(target: RemoteGraph) -> Stamp | None:
    """Which generation a store holds completely, asked once and quickly."""
    state = target.state
    told = f"{state} {NAME} ?name ; {INPUTS} ?inputs"
    query = f"SELECT ?name ?inputs WHERE {{ GRAPH {state} {{ {told} }} }}"
    row = next(iter(target.select(query, STAMP_SECONDS)), None)
    return Stamp(row["name"].value, row["inputs"].value) if row else None


def push(
    source: Graph, target: RemoteGraph, made: Stamp, step: Callable[[], None] = lambda: None
) -> Pushed:
    """Make a store hold what ``source`` holds; ``step`` is called for each graph exchanged.

    :raises StoreUnavailable: when the store is lost on the way, or does not keep what it is given.
    """
    held = target.digests()
    names = sorted(source.names(), key=_order)
    wanted = {name.value: digest(source, name) for name in names}
    changed = [name for name in names if held.get(name.value) != wanted[name.value]]
    gone = [name for name in target.names() if name.value not in wanted]
    for name in changed:
        note(target, name, None)
        target.replace(name, (quad.triple for quad in source.graph(name)))
        note(target, name, wanted[name.value])
        step()
    for name in gone:
        target.drop(name)
        note(target, name, None)
        step()
    if changed or gone or stamp(target) != made:
        _agree(source, target, names)
        _check_union(target)
        finish(target, made)
    return Pushed(made.name, len(changed), len(gone), len(wanted) - len(changed))


def _order(name: NamedNode) -> tuple[bool, str]:
    """Documents first, then what is concluded across them."""
    return "/graph/document/" not in name.value, name.value


def digest(source: Graph, name: NamedNode) -> str:
    """SHA-256 of a graph's triples in order; nothing in it is blank."""
    triples = (quad.triple for quad in source.graph(name))
    lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


def note(target: RemoteGraph, name: NamedNode, value: str | None) -> None:
    """Keep the digest of a graph, or forget it before the graph changes."""
    _set(target, name, {SHA: value})


def finish(target: RemoteGraph, made: Stamp) -> None:
    """Say, in one step, that a store holds a generation completely."""
    _set(target, target.state, {NAME: made.name, INPUTS: made.inputs})


def _set(target: RemoteGraph, subject: NamedNode, values: dict[NamedNode, str | None]) -> None:
    into = f"GRAPH {target.state}"
    steps = [f"DELETE WHERE {{ {into} {{ {subject} {p} ?old }} }}" for p in values]
    kept = " ".join(f"{subject} {p} {Literal(v)} ." for p, v in values.items() if v is not None)
    if kept:
        steps.append(f"INSERT DATA {{ {into} {{ {kept} }} }}")
    target.update(" ;\n".join(steps))


def _agree(source: Graph, target: RemoteGraph, names: list[NamedNode]) -> None:
    """Refuse a store that did not keep what it was given."""
    counts = target.counts()
    for name in names:
        given, kept = sum(1 for _ in source.graph(name)), counts.get(name.value, 0)
        if given != kept:
            raise StoreUnavailable(
                f"The graph store at {target.client.host} did not keep all of {name.value}:",
                why=f"it was given {given} triples and holds {kept}.",
                cure="Run `findings push` again; if it stays, use another store.",
            )


def _check_union(target: RemoteGraph) -> None:
    found = target.query(f"ASK {{ ?graph {SHA} ?digest }}")
    if not found:
        raise StoreUnavailable(
            f"The graph store at {target.client.host} does not show its named graphs together.",
            why="Queries need a default graph that is the union of all named graphs.",
            cure="Turn that on in the store; for Oxigraph it is --union-default-graph.",
        )


@contextmanager
def pushing(home: Path) -> Iterator[None]:
    """Hold the lock of the one who publishes from a data directory."""
    try:
        with FileLock(home / "push.lock", timeout=0):
            yield
    except Timeout as error:
        raise DataLocked(
            f"Another process is publishing from {home}.", cure="Wait until it has ended."
        ) from error
