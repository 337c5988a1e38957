"""How fast a build is beside its limit: the bare encoding of the same passages.

    python -m benchmarks build CORPUS

Builds into a fresh directory with as many workers as the command line, builds again with
nothing changed, then encodes the same passages with sentence-transformers alone on as many
threads: in float32, its default, and in bfloat16 as a build does where the processor has it.
Prints passages a second and ratios to both. A build encodes every sentence besides, so the
third ratio is to the bare encoding, in bfloat16, of all that a build must encode: every passage
with its heading and every sentence, each distinct text once. Memory is the peak of all processes
together, shared pages counted once (PSS, sampled four times a second).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from sentence_transformers import SentenceTransformer

from benchmarks.memory import Memory
from benchmarks.results import Result, at_least, at_most, tell
from kg.catalogue import Catalogue
from kg.crew import Crew
from kg.embed import PACKAGED, packaged_folder
from kg.generations import open_generation
from kg.pipeline import BuildReport, BuildSettings, build
from kg.progress import Quiet
from kg.tools import standard
from search import rows
from search.index import Indexer


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    corpus = Path(arguments[0])
    with tempfile.TemporaryDirectory() as home:
        with Memory() as memory:
            first, seconds = _timed(corpus, Path(home))
        again, repeat = _timed(corpus, Path(home))
        texts, whole = _passages(Path(home)), _all(Path(home))
    model = SentenceTransformer(str(packaged_folder()), device="cpu")
    torch.set_num_threads(os.cpu_count() or 1)
    single = _encoding(model, texts, bfloat16=False)
    half = _encoding(model, texts, bfloat16=True)
    full = _encoding(model, whole, bfloat16=True)
    table = Table(
        "what", "seconds", "passages/s", "to float32", "to bfloat16", "to bfloat16 of all"
    )
    for what, took in (
        ("build, all read", seconds),
        ("bare encoding, float32", single),
        ("bare encoding, bfloat16", half),
        ("bare encoding of all, bfloat16", full),
    ):
        rate = f"{len(texts) / took:.0f}"
        ratios = (f"{limit / took:.2f}" for limit in (single, half, full))
        table.add_row(what, f"{took:.1f}", rate, *ratios)
    table.add_row("build, nothing changed", f"{repeat:.1f}")
    console = Console(width=110)
    console.print(table)
    console.print(
        f"{len(first.read)} documents, {len(first.failed)} not readable, {len(texts)} passages, "
        f"{len(whole)} distinct texts of passages and sentences; "
        f"nothing changed: {repeat / seconds:.3f} of a build, {len(again.read)} read; "
        f"peak memory of all processes {memory.peak >> 10} MiB."
    )
    of, unit, count = (
        f"{len(first.read)} documents, {len(texts)} passages",
        "passages/s",
        len(texts),
    )
    rate = count / seconds
    tell([
        Result(what="build", ours=rate, unit=unit, of=of,
               against="bare encoding of passages and sentences, bfloat16", peer=count / full),
        Result(what="build", ours=rate, unit=unit, of=of, goal=at_least(0.85),
               against="bare encoding of passages, bfloat16", peer=count / half),
        Result(what="build", ours=rate, unit=unit, of=of,
               against="bare encoding of passages, float32", peer=count / single),
        Result(what="nothing changed", ours=repeat, unit="s", of=of, goal=at_most(0.02),
               against="build", peer=seconds),
        Result(what="peak memory of all processes", ours=memory.peak / 1024, unit="MB", of=of,
               goal=at_most(3000, "ours")),
    ])  # fmt: skip


def _encoding(model: SentenceTransformer, texts: list[str], *, bfloat16: bool) -> float:
    """Seconds that the bare encoding of texts takes."""
    model.encode(texts[:32], batch_size=32)
    started = time.perf_counter()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        model.encode(texts, batch_size=32)
    return time.perf_counter() - started


def _timed(corpus: Path, home: Path) -> tuple[BuildReport, float]:
    tools = standard(PACKAGED, home, Crew("search.crew"))
    started = time.perf_counter()
    report = build(
        [corpus],
        home,
        BuildSettings(),
        indexers=[Indexer(tools.embedder)],
        report=Quiet(),
        tools=tools,
    )
    return report, time.perf_counter() - started


def _passages(home: Path) -> list[str]:
    with Catalogue(open_generation(home).catalogue) as catalogue:
        found = catalogue.all_passages()
        texts = (catalogue.text(one.document, one.start, one.end) for one in found)
        return [text for text in texts if text]


def _all(home: Path) -> list[str]:
    """Every text that a build encodes for its index, once."""
    texts: dict[str, None] = {}
    for row in rows.load(open_generation(home).path / "rows").passages:
        texts[row.embedded] = None
        texts.update(dict.fromkeys(map(row.sentence, range(len(row.sentences)))))
    return list(texts)


if __name__ == "__main__":
    main(sys.argv[1:])
