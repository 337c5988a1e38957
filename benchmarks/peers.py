"""Search and indexing beside txtai and Chroma: the same passages, the same model, one run.

    python -m benchmarks.peers DATA

``DATA`` is a built data directory. Indexing of the two peers is told against the bare encoding
of the same passages; searches take turns, and what is told is the median above encoding the
query. They search by vectors alone; ours is hybrid, folds duplicates and marks the words.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.search_latency import QUERIES, measure
from kg.catalogue import Catalogue
from kg.embed import open_embedder, packaged_folder
from kg.generations import open_generation
from search.search import Searcher

BATCH = 32


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a peer's search costs less above encoding than ours by half."""
    os.environ.update(HF_HUB_OFFLINE="1", ANONYMIZED_TELEMETRY="False")
    generation = open_generation(Path(arguments[0]))
    texts = passages(generation.catalogue)
    embedder = open_embedder()
    searcher = Searcher.open(generation.path, embedder)
    model = _model()
    _, bare = timed(lambda: model.encode(texts, batch_size=BATCH))
    txtai, txtai_seconds = timed(lambda: _txtai(texts))
    chroma, chroma_seconds = timed(lambda: _chroma(texts, model))
    times = measure(
        {
            "encode the query": lambda query: embedder.encode([query]),
            "encode, sentence-transformers": lambda query: model.encode([query]),
            "findings": searcher.search,
            "txtai": lambda query: txtai.search(query, 10),
            "Chroma": lambda query: chroma.query(query_texts=[query], n_results=10),
        },
        list(QUERIES),
    )
    table = Table(
        "engine", "indexing, s", "against bare encoding", "search, ms", "above encoding, ms"
    )
    ours, theirs = times["encode the query"], times["encode, sentence-transformers"]
    table.add_row("bare encoding", f"{bare:.1f}", "1.00", f"{theirs:.1f}", "")
    for name, seconds in (("txtai", txtai_seconds), ("Chroma", chroma_seconds)):
        over = times[name] - theirs
        table.add_row(
            name, f"{seconds:.1f}", f"{bare / seconds:.2f}", f"{times[name]:.1f}", f"{over:.1f}"
        )
    over = times["findings"] - ours
    table.add_row("findings", "see build", "", f"{times['findings']:.1f}", f"{over:.1f}")
    Console().print(table)
    Console().print(f"{len(texts)} passages of {generation.manifest.counts['documents']} documents")
    best = min(times["txtai"], times["Chroma"]) - theirs
    return int(over > 1.5 * max(best, 1.0))


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
    sys.exit(main(sys.argv[1:]))
