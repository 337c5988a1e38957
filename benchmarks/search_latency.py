"""How much search costs above its two bare parts: encoding the query, and FAISS.

    python benchmarks/search_latency.py DATA [QUERIES.jsonl]

``DATA`` is a built data directory. Prints medians in milliseconds, measured side by side
in one run, and exits with 1 when search takes more than encoding plus 15 ms.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
from rich.console import Console
from rich.table import Table

from kg.embed import open_embedder
from kg.generations import open_generation
from search.search import Searcher

ALLOWED = 15.0
ROUNDS = 5
QUERIES = (
    "drift and delay in permanence",
    "high turnover of social workers",
    "ICPCs held late",
    "quality of PEPs",
    "children missing from care and return interviews",
    "what did the commissioner say about partners",
)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and judge."""
    generation = open_generation(Path(arguments[0])).path
    queries = _queries(Path(arguments[1])) if len(arguments) > 1 else list(QUERIES)
    embedder = open_embedder()
    searcher = Searcher.open(generation, embedder)
    bare = faiss.read_index(str(generation / "vectors" / "passages.faiss"))
    vectors = {query: embedder.encode([query]) for query in queries}
    parts: dict[str, Callable[[str], object]] = {
        "encode the query": lambda query: embedder.encode([query]),
        "bare FAISS, 10 nearest passages": lambda query: bare.search(vectors[query], 10),
        "search": searcher.search,
    }
    times = measure(parts, queries)
    _show(times)
    over = times["search"] - times["encode the query"]
    return 0 if over <= ALLOWED else 1


def measure(parts: dict[str, Callable[[str], object]], queries: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of each part; the parts take turns, so that load hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(ROUNDS + 1):
        for query in queries:
            for name, run in parts.items():
                began = time.perf_counter()
                run(query)
                if number:
                    taken[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in taken.items()}


def _show(times: dict[str, float]) -> None:
    base = times["encode the query"] + times["bare FAISS, 10 nearest passages"]
    table = Table("part", "median ms", "against encoding and bare FAISS")
    for name, value in times.items():
        table.add_row(name, f"{value:.2f}", f"{value / base:.2f}")
    console = Console()
    console.print(table)
    over = times["search"] - times["encode the query"]
    console.print(f"search − encoding: {over:.2f} ms (allowed: {ALLOWED:.0f} ms)")


def _queries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
