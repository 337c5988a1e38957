"""How fast a build is beside its limit: the bare encoding of the same sentences.

    python -m benchmarks.build CORPUS

Builds into a fresh directory, builds again with nothing changed, then encodes the same
passages with sentence-transformers alone, in its default precision. Prints passages a second
and ratios; memory is the peak of this process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sentence_transformers import SentenceTransformer

from kg.catalogue import Catalogue
from kg.embed import PACKAGED, packaged_folder
from kg.generations import open_generation
from kg.pipeline import BuildReport, BuildSettings, build
from kg.progress import Quiet
from kg.tools import standard
from search.index import Indexer


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    corpus = Path(arguments[0])
    with tempfile.TemporaryDirectory() as home:
        first, seconds = _timed(corpus, Path(home))
        again, repeat = _timed(corpus, Path(home))
        texts = _passages(Path(home))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        model = SentenceTransformer(str(packaged_folder()))
        started = time.perf_counter()
        model.encode(texts, batch_size=32)
        bare = time.perf_counter() - started
    table = Table("what", "seconds", "passages/s", "ratio to bare encoding")
    table.add_row("build, all read", f"{seconds:.1f}", *_rates(len(texts), seconds, bare))
    table.add_row("bare encoding of passages", f"{bare:.1f}", *_rates(len(texts), bare, bare))
    table.add_row(
        "build, nothing changed", f"{repeat:.1f}", "", f"{repeat / seconds:.3f} of a build"
    )
    console = Console()
    console.print(table)
    console.print(
        f"{len(first.read)} documents, {len(first.failed)} not readable, {len(texts)} passages; "
        f"peak memory {peak:.0f} MiB; the second build read {len(again.read)}."
    )
    return 0


def _timed(corpus: Path, home: Path) -> tuple[BuildReport, float]:
    tools = standard(PACKAGED, home)
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


def _rates(passages: int, seconds: float, bare: float) -> tuple[str, str]:
    return f"{passages / seconds:.0f}", f"{bare / seconds:.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
