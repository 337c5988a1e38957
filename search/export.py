"""Taking the data away: the graph as N-Quads, TriG and JSON-LD, each kind of fact as a table."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, serialize

from kg.errors import FindingsError
from ontology.terms import PREFIXES
from search.facts import KINDS, every
from search.listing import every_finding
from search.opened import Opened
from search.repeated import repeated
from search.tables import WRITERS, Rows

GRAPHS = {
    "graph.nq": RdfFormat.N_QUADS,
    "graph.trig": RdfFormat.TRIG,
    "graph.jsonld": RdfFormat.JSON_LD,
}
TABLES = (*KINDS, "findings", "repeated")
NAMES = (
    *(f"{name}.gz" for name in GRAPHS),
    *(f"{table}{suffix}" for table in TABLES for suffix in WRITERS),
)
"""Files that can be had one by one; the graph compressed."""


def export(opened: Opened, folder: Path) -> Iterator[Path]:
    """Write everything below ``folder`` and name each file once it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in GRAPHS:
        write_graph(opened, folder / name)
        yield folder / name
    for table in TABLES:
        found = rows(opened, table)
        for suffix, write in WRITERS.items():
            path = folder / f"{table}{suffix}"
            write(found, path)
            yield path


def write_one(opened: Opened, name: str, folder: Path) -> Path:
    """One file of :data:`NAMES`, below ``folder``; FindingsError for a name that is not one."""
    if name not in NAMES:
        raise FindingsError(f"There is no file {name}.", cure=f"Choose {', '.join(NAMES)}.")
    path = folder / name
    table, dot, suffix = name.partition(".")
    if table in TABLES:
        WRITERS[dot + suffix](rows(opened, table), path)
    else:
        write_graph(opened, path)
    return path


def write_graph(opened: Opened, path: Path) -> None:
    """The whole graph; a name that ends in ``.gz`` is compressed, the same bytes each time."""
    form = GRAPHS[path.name.removesuffix(".gz")]
    prefixes = {str(name): iri for name, iri in PREFIXES.items()}
    quads = opened.store.quads()
    with path.open("wb") as out:
        if path.suffix != ".gz":
            serialize(quads, output=out, format=form, prefixes=prefixes)
            return
        with gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as packed:
            serialize(quads, output=cast("IO[bytes]", packed), format=form, prefixes=prefixes)


def rows(opened: Opened, table: str) -> Rows:
    """All rows of one of :data:`TABLES`."""
    if table == "findings":
        return list(every_finding(opened.facts))
    if table == "repeated":
        return repeated(opened.facts)
    return list(every(opened.facts, table))
