"""The search index of a generation: written once, checked, opened for reading.

    vectors/   passages.f16, sentences.f16, first.npy; passages.faiss, sentences.faiss,
               wordings.faiss; settings.json
    terms/     BM25 arrays, words.json, thesaurus.json
    rows/      what is known of each passage

It is put together from parts, one a document (:mod:`search.parts`).

``settings.json`` names the model and holds the SHA-256 of every other file, which is
compared before any of them is read: FAISS and numpy load altered files silently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from kg.embed import Embedder, precision_of
from kg.errors import GenerationError
from kg.model import Record
from kg.versions import package_digest
from search import dense, parts, postings, rows
from search.dense import Dense
from search.near import EXACT
from search.rows import Rows
from search.sparse import Sparse
from search.thesaurus import Thesaurus
from search.vectors import DenseVectors

FORMAT = 5
FOLDERS = ("vectors", "terms", "rows")
SETTINGS, THESAURUS = Path("vectors/settings.json"), Path("terms/thesaurus.json")


class Settings(msgspec.Struct, frozen=True):
    """What an index was made with, and what it must hold to be whole.

    Machines of one kind make the same bytes. Where the processor multiplies in another width
    (``precision``), vectors of one text differ by a cosine of less than 0.0001. ``version`` is
    that of the indexer.
    """

    format: int
    model: str
    dimension: int
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]
    precision: str = "float32"
    version: str = ""


class Indexer:
    """Writes the index of a generation; ``exact`` is the number of vectors from which a search
    no longer looks at every one (see :mod:`search.near`)."""

    def __init__(
        self, embedder: Embedder, thesaurus: Thesaurus | None = None, *, exact: int = EXACT
    ) -> None:
        self._embedder = embedder
        self._thesaurus = thesaurus or Thesaurus.load()
        self._exact = exact

    @property
    def version(self) -> str:
        """Changes with this package, the model and the thesaurus."""
        made = (package_digest(self), self._embedder.name, precision_of(self._embedder))
        return ":".join((*made, self._terms))

    @cached_property
    def _terms(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self._thesaurus.terms)).hexdigest()

    @property
    def wordings(self) -> list[str]:
        """The wordings of the thesaurus, which the index holds with their vectors."""
        return [text for text, _ in self._thesaurus.wordings]

    def prepare(self, record: Record) -> bytes:
        """The part of one document."""
        return parts.prepare(record, self._thesaurus, self._embedder)

    def write(self, generation: Path, records: Iterable[Record]) -> Settings:
        """Write the index of records, without keeping their parts."""
        ordered = sorted(records, key=lambda record: record.document.id)
        return self.assemble(generation, map(self.prepare, ordered))

    def assemble(self, generation: Path, made: Iterable[bytes]) -> Settings:
        """Write ``vectors/``, ``terms/`` and ``rows/`` below a generation's directory."""
        for name in FOLDERS:
            (generation / name).mkdir(parents=True, exist_ok=True)
        table = rows.Writer(generation / "rows")
        vectors = dense.Writer(generation / "vectors", self._embedder.dimension, self._exact)
        terms = postings.Writer()
        for part in map(parts.read, made):
            table.add(part.document, part.rows)
            vectors.add(part.passages, part.sentences, [len(row.sentences) for row in part.rows])
            terms.add(part.terms, part.said, part.printed)
        table.close()
        terms.postings().save(generation / "terms")
        self._thesaurus.save(generation / THESAURUS)
        vectors.close(self._thesaurus, self._embedder)
        settings = Settings(
            format=FORMAT,
            model=self._embedder.name,
            dimension=self._embedder.dimension,
            documents=len(table.documents),
            passages=table.passages,
            sentences=vectors.sentences,
            files=_digests(generation),
            precision=precision_of(self._embedder),
            version=self.version,
        )
        _save(generation, settings)
        return settings

    def revise(
        self, generation: Path, base: Path, documents: Sequence[str], part: Callable[[str], bytes]
    ) -> bool:
        """Write the index of documents, in order of id, from that of another generation and the
        parts of those that it does not have; whether that index can be built upon."""
        before = _settings(base / SETTINGS) if (base / SETTINGS).is_file() else None
        if before is None or before.version != self.version or not before.passages:
            return False
        held = rows.load(base / "rows")
        if not {document.id for document in held.documents} <= set(documents):
            return False
        for name in FOLDERS:
            (generation / name).mkdir(parents=True, exist_ok=True)
        table = rows.Writer(generation / "rows")
        vectors = dense.Writer(generation / "vectors", before.dimension, self._exact)
        terms = postings.Writer()
        stored = dense.Stored.load(base / "vectors", before.dimension)
        fresh: list[int] = []
        for each in _stretches([document.id for document in held.documents], documents):
            if isinstance(each, str):
                one = parts.read(part(each))
                fresh.extend(range(table.passages, table.passages + len(one.rows)))
                table.add(one.document, one.rows)
                vectors.add(one.passages, one.sentences, [len(row.sentences) for row in one.rows])
                terms.add(one.terms, one.said, one.printed)
            else:
                table.take(held, *each)
                vectors.take(stored, *(int(held.edges[document]) for document in each))
        table.close()
        vectors.close_over(base / "vectors")
        new = np.array(fresh, dtype=np.int64)
        kept = np.delete(np.arange(table.passages), new)
        old = postings.Postings.load(base / "terms")
        old.between(terms.postings(), kept, new).save(generation / "terms")
        self._thesaurus.save(generation / THESAURUS)
        settings = msgspec.structs.replace(
            before,
            documents=len(table.documents),
            passages=table.passages,
            sentences=vectors.sentences,
            files=_digests(generation),
        )
        _save(generation, settings)
        return True


def _stretches(held: Sequence[str], documents: Sequence[str]) -> Iterator[str | tuple[int, int]]:
    """Documents in turn: the id of each that is not held, and from where to where others are."""
    known, first, at = set(held), 0, 0
    for document in documents:
        if document in known:
            at += 1
            continue
        if at > first:
            yield first, at
        first = at
        yield document
    if at > first:
        yield first, at


def _save(generation: Path, settings: Settings) -> None:
    (generation / SETTINGS).write_bytes(msgspec.json.format(msgspec.json.encode(settings)))


class Index:
    """The index of one generation; immutable, so threads may share it."""

    def __init__(self, generation: Path) -> None:
        self.settings = check(generation)
        self.thesaurus = Thesaurus.saved(generation / THESAURUS)
        self.rows: Rows = rows.load(generation / "rows")
        self.local = Dense(generation / "vectors", self.settings.dimension)
        self.dense: DenseVectors = self.local
        self.sparse = Sparse(generation / "terms")

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
    paths = [p for name in FOLDERS for p in (generation / name).glob("*")]
    found = {}
    for path in sorted(paths):
        if path.is_file() and path != generation / SETTINGS:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(generation).as_posix()] = digest
    return found
