"""The search index of a generation: written once, checked, opened for reading.

    vectors/   passages.faiss, sentences.faiss, owners.npy, wordings.faiss, settings.json
    terms/     BM25 arrays, words.json, thesaurus.json, rows.json

``settings.json`` names the model and holds the SHA-256 of every other file, which is
compared before any of them is read: FAISS and numpy load altered files silently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kg.embed import Embedder
from kg.errors import GenerationError
from kg.model import Record
from search import dense, rows, sparse
from search.dense import Dense
from search.rows import Rows
from search.sparse import Sparse
from search.thesaurus import Thesaurus
from search.vectors import DenseVectors

FORMAT = 4
SETTINGS = Path("vectors/settings.json")
ROWS, THESAURUS = Path("terms/rows.json"), Path("terms/thesaurus.json")


class Settings(msgspec.Struct, frozen=True):
    """What an index was made with, and what it must hold to be whole."""

    format: int
    model: str
    dimension: int
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]


class Indexer:
    """Writes the index of a generation from its records."""

    def __init__(self, embedder: Embedder, thesaurus: Thesaurus | None = None) -> None:
        self._embedder = embedder
        self._thesaurus = thesaurus or Thesaurus.load()

    def write(self, generation: Path, records: Iterable[Record]) -> Settings:
        """Write ``vectors/`` and ``terms/`` below a generation's directory."""
        for name in ("vectors", "terms"):
            (generation / name).mkdir(parents=True, exist_ok=True)
        table = rows.rows_of(records)
        count = dense.write(generation / "vectors", table.passages, self._thesaurus, self._embedder)
        sparse.write(generation / "terms", table, self._thesaurus)
        rows.save(table, generation / ROWS)
        self._thesaurus.save(generation / THESAURUS)
        settings = Settings(
            format=FORMAT,
            model=self._embedder.name,
            dimension=self._embedder.dimension,
            documents=len(table.documents),
            passages=len(table.passages),
            sentences=count,
            files=_digests(generation),
        )
        (generation / SETTINGS).write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
        return settings


class Index:
    """The index of one generation; immutable, so threads may share it."""

    def __init__(self, generation: Path) -> None:
        self.settings = check(generation)
        self.thesaurus = Thesaurus.saved(generation / THESAURUS)
        self.rows: Rows = rows.load(generation / ROWS)
        self.local = Dense(generation / "vectors")
        self.dense: DenseVectors = self.local
        self.sparse = Sparse(generation / "terms")
        self.numbers = {row.id: number for number, row in enumerate(self.rows.passages)}

    def require(self, embedder: Embedder) -> None:
        """Refuse an embedder whose vectors do not compare with the stored ones."""
        if embedder.name != self.settings.model:
            raise GenerationError(
                f"The index holds vectors of {self.settings.model}, not of {embedder.name}.",
                why="Vectors of different models do not compare.",
                cure="Build again, or set the model back.",
            )


def check(generation: Path) -> Settings:
    """The settings of an index whose files are all there and as written.

    :raises GenerationError: when it is missing, of another format, or altered.
    """
    settings = _settings(generation / SETTINGS)
    found = _digests(generation)
    for name, digest in settings.files.items():
        if found.get(name) != digest:
            raise GenerationError(
                f"The search index is damaged: {name}.",
                why="The file is missing." if name not in found else "Its content was altered.",
                cure="Build again.",
            )
    return settings


def _settings(path: Path) -> Settings:
    if not path.is_file():
        raise GenerationError(
            f"No search index at {path.parent}.", why="It was never built.", cure="Build again."
        )
    try:
        settings = msgspec.json.decode(path.read_bytes(), type=Settings)
    except msgspec.DecodeError as error:
        raise GenerationError(
            f"The search index's settings at {path} cannot be read.",
            why=str(error),
            cure="Build again.",
        ) from error
    if settings.format != FORMAT:
        raise GenerationError(
            f"The search index has format {settings.format}, this version reads {FORMAT}.",
            cure="Build again.",
        )
    return settings


def _digests(generation: Path) -> dict[str, str]:
    paths = [p for name in ("vectors", "terms") for p in (generation / name).glob("*")]
    found = {}
    for path in sorted(paths):
        if path.is_file() and path != generation / SETTINGS:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(generation).as_posix()] = digest
    return found
