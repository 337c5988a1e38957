"""A generation like the last in all but the operator's graphs, published in one step.

    lock ─▶ change(served generation) ─▶ local.nq ─▶ hard links + revised store ─▶ publish

Killed between the file and the publication, the next build or change takes the file in.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from pyoxigraph import NamedNode, Quad, Store

from kg import generations, local, store, verify
from kg.errors import FindingsError
from kg.generations import Generation, crash_point, open_generation
from kg.lock import writing
from kg.partitions import saved, tally
from kg.quads.dataset import GRAPH, dataset_quads
from ontology.iris import Minter

Change = Callable[[Generation], bytes]
"""From the served generation to all that is to stand in the operator's graphs, as N-Quads."""


def change_local(home: Path, change: Change, keep: int = 2) -> Generation:
    """Change the operator's graphs; gives the generation that is served then.

    :raises DataLocked: while a build runs.
    :raises FindingsError: whatever ``change`` raises, or when the outcome cannot be published;
        what is served then stays.
    """
    with writing(home):
        base = open_generation(home)
        data = change(base)
        before = local.digest(home)
        if data != local.read(home):
            local.write(home, data)
        crash_point("after-local")
        if local.digest(home) == before == base.manifest.local:
            return base
        return _publish(home, base, keep)


def _publish(home: Path, base: Generation, keep: int) -> Generation:
    fresh = generations.begin(home)
    try:
        _link(base.path, fresh)
        counts = {**base.manifest.counts, "quads": _revise(home, base, fresh)}
        manifest = msgspec.structs.replace(
            base.manifest,
            generation=fresh.with_suffix("").name,
            counts=counts,
            local=local.digest(home),
        )
        manifest = generations.seal(fresh, manifest)
        verify.contents(fresh, manifest, ())
    except (FindingsError, OSError, sqlite3.OperationalError):
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Generation(generations.publish(home, fresh, keep), manifest)


def _link(base: Path, fresh: Path) -> None:
    """Everything but the store and the manifest, without copying."""
    for item in base.iterdir():
        if item.is_dir() and item.name != "store":
            shutil.copytree(item, fresh / item.name, copy_function=os.link)
        elif item.is_file() and item.name not in generations.UNLISTED:
            os.link(item, fresh / item.name)


def _revise(home: Path, base: Generation, fresh: Path) -> int:
    """Exchange the operator's graphs in the store, and in the counts of what it holds."""
    minter = Minter(base.manifest.base)
    held = Store.read_only(str(base.store))
    counts = saved(base.path) or tally(held, without=minter.graph(GRAPH))
    old, quads = local.names(held, minter.base), local.load(home, minter.base)
    for graph in old:
        counts.add(graph.value, held.quads_for_pattern(None, None, None, graph), -1)
    for name in {quad.graph_name for quad in quads}:
        if isinstance(name, NamedNode):
            counts.add(name.value, {quad for quad in quads if quad.graph_name == name})
    gone = store.Exchange([*old, minter.graph(GRAPH)])

    def describe(_: Store) -> Iterator[Quad]:
        return dataset_quads(counts.partitions(), minter)

    total = store.revise(base.store, fresh / "store", gone, quads, describe)
    counts.save(fresh)
    return total
