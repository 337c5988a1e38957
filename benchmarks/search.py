"""Search beside its parts and its peers: the same passages, the same model, one run.

    python -m benchmarks search DATA [QUERIES.jsonl]

``DATA`` is a built data directory; queries are lines with a ``query``, or 60 of the benchmarks'
questions. Searches take turns, so that other load hits all alike; medians in milliseconds of the
processor, all threads together, are told with encoding and beyond it. The limit is encoding the
query and the ten nearest passages of bare FAISS. txtai and Chroma search by vectors alone; ours
is hybrid, folds duplicates and marks the words. How long those two take to index is told beside
the bare encoding of the passages by sentence-transformers.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
from rich.console import Console
from rich.table import Table

from benchmarks.asked import questions
from benchmarks.results import Result, at_most, tell
from kg.catalogue import Catalogue
from kg.embed import open_embedder, packaged_folder
from kg.generations import open_generation
from search.search import Searcher

BATCH = 32
ROUNDS, EVERY = 5, 10
"""How often each is asked, and which of the benchmarks' questions are: each tenth, 60."""

PUBLISHED = 4.4
"""Milliseconds beyond encoding, Chroma at 1,500 passages; txtai takes 5 to 8."""

ENCODE, THEIRS, BARE, OURS = "encoding", "encoding by sentence-transformers", "bare FAISS", "search"


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    os.environ.update(HF_HUB_OFFLINE="1", ANONYMIZED_TELEMETRY="False")
    generation = open_generation(Path(arguments[0]))
    texts = passages(generation.catalogue)
    embedder = open_embedder()
    searcher = Searcher.open(generation.path, embedder)
    given = arguments[1:] and _queries(Path(arguments[1]))
    queries = given or questions(searcher.index.thesaurus)[::EVERY]
    flat = faiss.read_index(str(generation.path / "vectors" / "passages.faiss"))
    vectors = {query: embedder.encode([query]) for query in queries}
    model = _model()
    _, bare = timed(lambda: model.encode(texts, batch_size=BATCH))
    txtai, txtai_seconds = timed(lambda: _txtai(texts))
    chroma, chroma_seconds = timed(lambda: _chroma(texts, model))
    times, clock = measure(
        {
            ENCODE: lambda query: embedder.encode([query]),
            THEIRS: lambda query: model.encode([query]),
            BARE: lambda query: flat.search(vectors[query], 10),
            OURS: searcher.search,
            "txtai": lambda query: txtai.search(query, 10),
            "Chroma": lambda query: chroma.query(query_texts=[query], n_results=10),
        },
        queries,
    )
    of = f"{generation.manifest.counts['documents']} documents, {len(texts)} passages"
    found = [*results(times, of), *indexing(len(texts), bare, txtai_seconds, chroma_seconds, of)]
    _show(times, clock, of)
    tell(found)


def measure(
    parts: dict[str, Callable[[str], object]], queries: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """Median milliseconds of each part, of the processor and of the clock.

    The parts take turns, and the first round does not count.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in parts}
    for number in range(ROUNDS + 1):
        for query in queries:
            for name, run in parts.items():
                processor, clock = time.process_time(), time.perf_counter()
                run(query)
                if number:
                    ended = time.process_time(), time.perf_counter()
                    taken[name].append((ended[0] - processor, ended[1] - clock))
    processor_of, clock_of = (
        {name: 1000 * statistics.median(each[at] for each in taken[name]) for name in taken}
        for at in (0, 1)
    )
    return processor_of, clock_of


def results(times: dict[str, float], of: str) -> list[Result]:
    """Search with its encoding beside each, and beyond it."""
    ours, encoding = times[OURS], times[ENCODE]
    beyond = {name: times[name] - times[THEIRS] for name in ("txtai", "Chroma")}
    limits = {"encoding and bare FAISS": encoding + times[BARE]}
    limits |= {name: times[name] for name in beyond}
    return [
        *(
            Result(what="search, processor", ours=ours, unit="ms", of=of, against=name, peer=limit,
                   goal=at_most(1.0) if name in beyond else None)
            for name, limit in limits.items()
        ),
        Result(what="search beyond encoding, processor", ours=ours - encoding, unit="ms", of=of,
               goal=at_most(PUBLISHED, "ours"),
               note="; ".join(f"{name} {over:.1f} ms" for name, over in beyond.items())),
        Result(what="encoding a query, processor", ours=encoding, unit="ms", of=of,
               against="sentence-transformers", peer=times[THEIRS], goal=at_most(1.0)),
    ]  # fmt: skip


def indexing(count: int, bare: float, txtai: float, chroma: float, of: str) -> list[Result]:
    """What the peers' indexing takes of the rate of the bare encoding, for comparison."""
    return [
        Result(what=f"indexing by {name}", ours=count / seconds, unit="passages/s", of=of,
               against="bare encoding, float32", peer=count / bare)
        for name, seconds in (("txtai", txtai), ("Chroma", chroma))
    ]  # fmt: skip


def passages(catalogue: Path) -> list[str]:
    """The texts of all passages."""
    with Catalogue(catalogue) as opened:
        found = opened.all_passages()
        texts = (opened.text(one.document, one.start, one.end) for one in found)
        return [text for text in texts if text]


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What came of it, and the seconds it took."""
    began = time.perf_counter()
    return run(), time.perf_counter() - began


def _queries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines if line.strip()]


def _show(times: dict[str, float], clock: dict[str, float], of: str) -> None:
    table = Table("part", "median ms, processor", "beyond encoding", "clock", title=of)
    for name, value in times.items():
        base = times[ENCODE] if name == OURS else times[THEIRS]
        over = f"{value - base:.2f}" if name in (OURS, "txtai", "Chroma") else ""
        table.add_row(name, f"{value:.2f}", over, f"{clock[name]:.2f}")
    Console().print(table)


def _model() -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(packaged_folder()))


def _txtai(texts: list[str]) -> Any:
    from txtai import Embeddings

    made = Embeddings(path=str(packaged_folder()), content=False, encodebatch=BATCH)
    made.index(texts)
    return made


def _chroma(texts: list[str], model: Any) -> Any:
    import chromadb
    from chromadb.api.types import EmbeddingFunction

    class Encoder(EmbeddingFunction):  # type: ignore[type-arg]
        def __init__(self) -> None:
            """The same model as the others have."""

        def __call__(self, input: list[str]) -> Any:  # noqa: A002
            return list(model.encode(input, batch_size=BATCH))

    client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
    made = client.create_collection("passages", embedding_function=Encoder())
    for start in range(0, len(texts), 1000):
        part = texts[start : start + 1000]
        made.add(ids=[str(start + number) for number in range(len(part))], documents=part)
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
