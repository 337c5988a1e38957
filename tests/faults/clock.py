"""Builds and queries while the clock is set about: run as a process of its own.

Writes one line of JSON: what was served after each build, and how each query went.
"""

from __future__ import annotations

import ctypes
import sys
import time
from pathlib import Path

import msgspec

from kg.generations import open_generation
from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from kg.verify import verify
from server.sparql.budget import QueryBudget
from server.sparql.errors import TooManyRequests
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from tests.kg import toy

YEAR = 365 * 24 * 3600
SHIFTS = (0, -YEAR, 3600, -3600, 10 * YEAR, 0)


class Seen(msgspec.Struct, frozen=True):
    """The year that the clock told, what is served, a query's rows, and seconds to wait."""

    year: int
    generation: str
    documents: int
    rows: int
    wait: int


def look(files: Path, home: Path, number: int, budget: QueryBudget) -> Seen:
    """Add a document, publish, ask, and spend the whole budget of a minute."""
    (files / f"{number}.txt").write_text(toy.letter(number))
    build([files], home, BuildSettings(), indexers=[toy.Index()], report=Quiet(), tools=toy.tools())
    served = open_generation(home)
    with QueryPool(served.store, QueryLimits(workers=1, own_workers=1)) as pool:
        rows = len(pool.select("SELECT * { ?s ?p ?o } LIMIT 5"))
    wait = 0
    try:
        budget.check("reader")
    except TooManyRequests as error:
        wait = error.retry_after or 0
    budget.spend("reader", 60_000)
    documents = verify(served.path).documents
    return Seen(time.gmtime().tm_year, served.path.name, documents, rows, wait)


def main(files: str, home: str) -> None:
    """One look after each setting of the clock."""
    clock, budget, seen = ctypes.CDLL(None), QueryBudget(60_000), []
    for number, shift in enumerate(SHIFTS, 1):
        clock.clock_shift(ctypes.c_long(shift))
        seen.append(look(Path(files), Path(home), number, budget))
    sys.stdout.buffer.write(msgspec.json.encode(seen) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
