"""Graphs of the operator's own, beside those that are made from documents.

They stand in ``local.nq`` in the data directory, outlive every build, and are in each generation.
A graph is the operator's when its IRI is below ``{base}graph/local/``, or not below
``{base}graph/`` at all. What is said in it may point to anything of ours, but may not pass for
what a document says: see :func:`refusal`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import FindingsError
from ontology.iris import ONTOLOGY

FILE = "local.nq"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def is_local(graph: str, base: str) -> bool:
    """Whether a graph of this IRI is the operator's."""
    made = f"{base}graph/"
    return not graph.startswith(made) or graph.startswith(f"{made}local/")


def refusal(quad: Quad, base: str) -> str:
    """Why an operator may not say this, or ""."""
    graph = quad.graph_name
    if not isinstance(graph, NamedNode):
        return "A statement needs a named graph."
    if not is_local(graph.value, base):
        return f"The graph {graph.value} is made from documents."
    if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(f"{base}id/"):
        return f"What is said of {quad.subject.value} comes from documents; point to it instead."
    for term in (quad.predicate, quad.object if quad.predicate.value == _TYPE else None):
        if isinstance(term, NamedNode) and term.value.startswith(ONTOLOGY):
            return f"{term.value} is for what documents say; use a term of your own."
    if quad.predicate.value == _TYPE and not isinstance(quad.object, NamedNode):
        return "A class needs an IRI."
    return ""


def names(store: Store, base: str) -> list[NamedNode]:
    """The operator's graphs in a store."""
    found = (name for name in store.named_graphs() if isinstance(name, NamedNode))
    return [name for name in found if is_local(name.value, base)]


def checked(quads: Iterable[Quad], base: str) -> Iterator[Quad]:
    """The quads, each of which an operator may say; else a FindingsError with the first."""
    for quad in quads:
        if why := refusal(quad, base):
            raise FindingsError(
                "A statement cannot be in the operator's graphs.",
                why=why,
                cure=f"Take it out of {FILE}: {quad}",
            )
        yield quad


def load(home: Path, base: str) -> list[Quad]:
    """What a data directory's file holds; nothing where there is no file.

    :raises FindingsError: when it is not N-Quads, or holds what no operator may say.
    """
    data = read(home)
    try:
        quads = list(parse(data, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise FindingsError(
            f"{home / FILE} cannot be read.", why=str(error), cure="Correct it, or remove it."
        ) from error
    return list(checked(quads, base))


def read(home: Path) -> bytes:
    """The file's bytes, none where there is no file."""
    path = home / FILE
    return path.read_bytes() if path.exists() else b""


def digest(home: Path) -> str:
    """Which version of the operator's graphs a data directory holds; "" for none."""
    data = read(home)
    return hashlib.sha256(data).hexdigest() if data else ""


def write(home: Path, data: bytes) -> None:
    """Replace the file in one step; the caller holds the writer's lock."""
    fresh = home / f"{FILE}.tmp"
    with fresh.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(home / FILE)
