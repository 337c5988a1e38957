"""Disk and memory of a built collection, per thousand passages.

    python -m benchmarks footprint DATA

Disk is told of each part of the generation; memory is what a process gains that opens the
searcher and the graph and asks both once: its own, and its share of files that are mapped.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.memory import held
from benchmarks.results import Result, tell
from kg.generations import open_generation
from search.opened import open_data

PARTS = ("store", "documents.sqlite", "vectors", "terms", "rows")


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    home = Path(arguments[0])
    generation = open_generation(home)
    counts = generation.manifest.counts
    of = f"{counts['documents']} documents, {counts['passages']} passages"
    thousands = counts["passages"] / 1000
    disk = {part: _bytes(generation.path / part) for part in PARTS}
    disk["all"] = _bytes(generation.path)
    own, mapped = _memory(home)
    found = [
        *(
            Result(what=f"disk per thousand passages, {part}", ours=size / 1e6 / thousands,
                   unit="MB", of=of)
            for part, size in disk.items()
        ),
        Result(what="memory per thousand passages, own", ours=own / thousands, unit="MB", of=of),
        Result(what="memory per thousand passages, mapped", ours=mapped / thousands, unit="MB",
               of=of),
    ]  # fmt: skip
    table = Table("what", "MB", title=of)
    for each in found:
        table.add_row(each.what, f"{each.ours:.2f}")
    Console().print(table)
    tell(found)


def _memory(home: Path) -> tuple[float, float]:
    """MB that opening and asking adds to a process that has the model already."""
    with open_data(home) as opened:
        opened.embedder.encode(["warm"])
        own, mapped = held()
        opened.searcher.search("supervision of social workers")
        opened.graph.select("SELECT ?s { ?s ?p ?o } LIMIT 1")
        now = held()
    return now[0] - own, now[1] - mapped


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files)


if __name__ == "__main__":
    main(sys.argv[1:])
