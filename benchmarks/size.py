"""Search over many more passages than there are documents for.

    python -m benchmarks size DATA [PASSAGES …] [--keep FOLDER]

Makes variants of the passages of a built data directory (:mod:`benchmarks.variants`) until
there are enough, puts the index of a build together from them, opens it in a process of its
own, and asks. Prints the time to put it together and the peak memory of that, bytes on disk and
memory of the searching process per thousand passages, recall@10 of passages and of sentences
against looking at every vector, with its interval at 95 per cent, and milliseconds beyond
encoding, with and without filters: medians of the clock and, in brackets, of the processor.
Goals: a recall of 0.99 or more, and 30 ms of the processor or less.
``--keep`` keeps the indexes, and takes those that are there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

import faiss
import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.asked import questions
from benchmarks.memory import held
from benchmarks.results import Result, at_least, at_most, tell
from benchmarks.variants import real, variants
from kg.embed import Embedder, Vectors, normalised, open_embedder, precision_of
from kg.generations import open_generation
from search.dense import PASSAGE_ROWS, SENTENCE_ROWS
from search.filters import Filters
from search.index import SETTINGS, Index, Indexer
from search.near import Near
from search.search import POOL, Searcher

SIZES = (8_000, 80_000, 200_000)
RECALL, BEYOND = 0.99, 30.0
TIMED = 60
"""Questions that are timed, of those whose recall is measured."""

SAME = 1e-5
"""Difference of cosines within which two vectors are as near: that of float32 sums."""

_CHUNK = 1 << 16
P = ParamSpec("P")
T = TypeVar("T")


class Made(msgspec.Struct):
    """What putting an index together took: seconds, and the peak in MB."""

    seconds: float
    peak: float


class Asked(msgspec.Struct):
    """What searching took; memory is in MB, times by filter are medians in milliseconds."""

    passages: int
    sentences: int
    own: float
    mapped: float
    recall: dict[str, tuple[float, float]]
    times: dict[str, tuple[float, float]]


class Stopwatch:
    """An embedder that counts how long it encodes."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.dimension = inner.name, inner.dimension
        self.precision = precision_of(inner)
        self.clock = self.processor = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The inner one's vectors."""
        clock, processor = time.perf_counter(), time.thread_time()
        found = self._inner.encode(texts)
        self.clock += time.perf_counter() - clock
        self.processor += time.thread_time() - processor
        return found


def main(arguments: Sequence[str]) -> None:
    """Measure each size, print, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks size")
    parser.add_argument("data", type=Path)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="PASSAGES")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for size in chosen.sizes:
            folder = (chosen.keep or Path(name)) / str(size)
            made = None
            if not (folder / SETTINGS).is_file():
                made = _alone(assemble, chosen.data, size, folder)
            asked = _alone(ask, folder)
            rows.append(_row(folder, made, asked))
            _show(rows)
            tell(_results(asked, _disk(folder)))


def _alone(step: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What a step gives back that runs in a fresh process, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(step, *given, **named).result()


def assemble(data: Path, size: int, folder: Path) -> Made:
    """Put an index of so many variants together."""
    index, embedder = Index(open_generation(data, full=False).path), open_embedder()
    began = time.perf_counter()
    Indexer(embedder, index.thesaurus).assemble(folder, variants(real(index), size))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Made(time.perf_counter() - began, peak)


def ask(folder: Path) -> Asked:
    """Open an index, time searches, then compare with a look at every vector."""
    watch = Stopwatch(open_embedder())
    watch.encode(["warm"])
    own, mapped = held()
    searcher = Searcher.open(folder, watch)
    asked = questions(searcher.index.thesaurus)
    step = len(asked) // TIMED
    times = {
        name: _beyond(searcher, watch, asked[::step], filters)
        for name, filters in _filters(searcher).items()
    }
    own_now, mapped_now = held()
    vectors = searcher.embedder.encode(asked)
    recall = {
        kind: _recall(folder / "vectors" / index, folder / "vectors" / rows, vectors, limit)
        for kind, index, rows, limit in (
            ("passages", "passages.faiss", PASSAGE_ROWS, POOL),
            ("sentences", "sentences.faiss", SENTENCE_ROWS, 4 * POOL),
        )
    }
    dense = searcher.index.local
    return Asked(dense.passages, dense.sentences, own_now - own, mapped_now - mapped, recall, times)


def _filters(searcher: Searcher) -> dict[str, Filters]:
    """No filter, the authority with most documents, and two by findings."""
    held = Counter(each.authority for each in searcher.index.rows.documents if each.authority)
    return {
        "no filter": Filters(),
        "one authority": Filters(authority=(held.most_common(1)[0][0],)),
        "weaknesses": Filters(polarity=("weakness",)),
        "since 2019, one theme": Filters(since="2019", theme=("supervision",)),
        "until 2020": Filters(until="2020"),
    }


def _beyond(
    searcher: Searcher, watch: Stopwatch, asked: Sequence[str], filters: Filters
) -> tuple[float, float]:
    """Median milliseconds of searches less their encoding: of the clock, of the processor."""
    over: list[tuple[float, float]] = []
    for _ in range(2):  # the first round reads files in
        over = []
        for question in asked:
            watch.clock = watch.processor = 0.0
            clock, processor = time.perf_counter(), time.thread_time()
            searcher.search(question, filters)
            taken = (time.perf_counter() - clock, time.thread_time() - processor)
            over.append((taken[0] - watch.clock, taken[1] - watch.processor))
    return (
        1000 * statistics.median(clock for clock, _ in over),
        1000 * statistics.median(processor for _, processor in over),
    )


def _recall(index: Path, rows: Path, queries: Vectors, limit: int) -> tuple[float, float]:
    """The share of the ten nearest that a search for ``limit`` finds, and half its interval.

    Sentences are printed more than once: what is as near as the tenth is as good.
    """
    halves: NDArray[np.float16] = np.memmap(rows, dtype=np.float16, mode="r")
    vectors = halves.reshape(-1, queries.shape[1])
    near = Near(index, vectors)
    shares = []
    for query, tenth in zip(queries, _tenth(queries, vectors), strict=True):
        found = near.search(query, limit)[:10]
        shares.append(float(np.mean(normalised(vectors[found]) @ query > tenth - SAME)))
    return statistics.mean(shares), 1.96 * statistics.stdev(shares) / len(shares) ** 0.5


def _tenth(queries: Vectors, vectors: NDArray[np.float16]) -> Vectors:
    """The cosine of the tenth nearest of each query, from a look at every vector."""
    best = np.full((len(queries), 10), -1, dtype=np.float32)
    for at in range(0, len(vectors), _CHUNK):
        chunk = normalised(vectors[at : at + _CHUNK])
        more, _ = faiss.knn(queries, chunk, 10, metric=faiss.METRIC_INNER_PRODUCT)
        best = np.sort(np.hstack((best, more)), axis=1)[:, -10:]
    return np.asarray(best[:, 0])


def _row(folder: Path, made: Made | None, asked: Asked) -> list[str]:
    disk = _disk(folder)
    thousands = asked.passages / 1000
    return [
        f"{asked.passages:,}",
        f"{asked.sentences:,}",
        f"{made.seconds:.0f}" if made else "",
        f"{made.peak:.0f}" if made else "",
        f"{disk / thousands:.1f}",
        f"{asked.own / thousands:.2f} + {asked.mapped / thousands:.2f}",
        *(f"{mean:.4f} ± {half:.4f}" for mean, half in asked.recall.values()),
        *(f"{clock:.1f} ({processor:.1f})" for clock, processor in asked.times.values()),
    ]


def _disk(folder: Path) -> float:
    """MB of all files of an index."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _results(asked: Asked, disk: float) -> list[Result]:
    """What counts of one size."""
    of = f"{asked.passages:,} passages, {asked.sentences:,} sentences"
    thousands, least, most = (
        asked.passages / 1000,
        at_least(RECALL, "ours"),
        at_most(BEYOND, "ours"),
    )
    times = {name: processor for name, (_, processor) in asked.times.items()}
    return [
        *(
            Result(what=f"search beyond encoding, processor, {name}", ours=time, unit="ms", of=of,
                   goal=most)
            for name, time in times.items()
        ),
        *(
            Result(what=f"recall@10 of {kind}", ours=mean, unit="", of=of, goal=least,
                   note=f"± {half:.4f}")
            for kind, (mean, half) in asked.recall.items()
        ),
        Result(what="disk per thousand passages", ours=disk / thousands, unit="MB", of=of),
        Result(what="memory per thousand passages, own", ours=asked.own / thousands, unit="MB",
               of=of),
        Result(what="memory per thousand passages, mapped", ours=asked.mapped / thousands,
               unit="MB", of=of),
    ]  # fmt: skip


def _show(rows: Sequence[Sequence[str]]) -> None:
    heads = ("passages", "sentences", "put together, s", "peak MB", "MB disk / 1,000",
             "MB own + mapped / 1,000", "recall@10 passages", "recall@10 sentences", "no filter",
             "one authority", "weaknesses", "since 2019, theme", "until 2020")  # fmt: skip
    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    Console(width=220).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
