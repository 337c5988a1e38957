"""Files to records: each is read once, and not again while its bytes and the code stay.

What comes back is light (names and digests); the records wait in the cache and are
streamed from it, so that the texts of a large collection are never all in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg.cache import RecordCache, Refusal
from kg.crew import WORTHWHILE, Answer, Task
from kg.errors import DuplicateDocument, FindingsError, UnreadableDocument
from kg.files import SourceFile
from kg.generations import Source, crash_point
from kg.model import Record
from kg.progress import Reporter
from kg.reading import entry_of
from kg.tools import Tools


class Failure(msgspec.Struct, frozen=True):
    """A file that was not built: which, what is wrong, why, and what to do."""

    file: str
    what: str
    why: str = ""
    cure: str = ""

    def __str__(self) -> str:
        parts = (part for part in (self.what, self.why, self.cure) if part)
        return f"{self.file}: {' '.join(parts)}"


@dataclass
class Collection:
    """The documents of a build: sources by document id, and what became of each file.

    ``texts`` tells which file had a text first, ``seen`` has the SHA-256 of every file.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def fail(self, file: str, error: FindingsError) -> None:
        """Report a file that is not built."""
        self.failures.append(Failure(file, error.what, error.why, error.cure))


class Collector:
    """Reads files into the cache and keeps count.

    ``crew`` reads many files at once; what it leaves unanswered is read here. ``known`` are
    sources of a generation that was read in the same way: their records are not looked at.
    """

    def __init__(
        self,
        tools: Tools,
        cache: RecordCache,
        reporter: Reporter,
        crew: Callable[[Sequence[Task]], Iterator[Answer]] | None = None,
        known: Iterable[Source] = (),
    ) -> None:
        self._known = {(source.sha256, source.file): source for source in known}
        self._tools, self._cache, self._reporter, self._crew = tools, cache, reporter, crew
        self._fresh: set[str] = set()
        self._answered: set[str] = set()
        self._problems: dict[str, FindingsError] = {}

    def collect(self, files: Iterable[SourceFile]) -> Collection:
        """All files, in order; of two copies of one document the first is built."""
        found = [(source, _digest(source)) for source in files]
        collection = Collection()
        self._reporter.stage("read", len(found))
        tasks = {
            digest: Task(str(source.path.absolute()), source.file, digest)
            for source, digest in reversed(found)
            if isinstance(digest, str) and not self._cache.has(digest)
        }
        self._fresh = set(tasks)
        if self._crew is not None and len(tasks) >= WORTHWHILE:
            self._together(self._crew, list(tasks.values()))
        for source, digest in found:
            try:
                self._file(source, digest, collection)
            except UnreadableDocument as error:
                collection.fail(source.file, error)
            if digest not in self._answered:
                self._reporter.step()
        return collection

    def _together(
        self, crew: Callable[[Sequence[Task]], Iterator[Answer]], tasks: list[Task]
    ) -> None:
        for answer in crew(tasks):
            crash_point("after-reading")
            self._answered.add(answer.sha256)
            if problem := answer.problem():
                self._problems[answer.sha256] = problem
            self._reporter.step()

    def _file(
        self, source: SourceFile, digest: str | UnreadableDocument, collection: Collection
    ) -> None:
        if isinstance(digest, UnreadableDocument):
            raise digest
        collection.seen.add(digest)
        if digest in self._problems:
            raise self._problems[digest]
        before = self._known.get((digest, source.file))
        if before is not None and before.text and digest not in self._fresh:
            self._accept(source, before, str(before.text), collection)
            collection.unchanged.append(source.file)
            return
        entry = self._cache.get(digest, source.file)
        known = entry is not None and digest not in self._fresh
        if entry is None:
            entry = entry_of(self._tools, source, digest)
            self._cache.put(digest, entry)
            crash_point("after-reading")
        if isinstance(entry, Refusal):
            raise UnreadableDocument(entry.what, why=entry.why, cure=entry.cure)
        document = entry.document
        text = hashlib.sha256("".join(document.text.casefold().split()).encode()).hexdigest()
        made = Source(source.file, "", document.sha256, document.id)
        self._accept(source, made, text, collection)
        (collection.unchanged if known else collection.read).append(source.file)

    def _accept(self, source: SourceFile, made: Source, text: str, collection: Collection) -> None:
        if text in collection.texts:
            raise DuplicateDocument(
                "It is a second copy of a document.",
                why=f"Its text is that of {collection.texts[text]}.",
                cure="Remove one of the two files.",
            )
        collection.texts[text] = source.file
        path = str(source.path.absolute())
        collection.sources[made.document] = replace(made, path=path, text=text)


def _digest(source: SourceFile) -> str | UnreadableDocument:
    """SHA-256 of a file's bytes, or why it cannot be opened or read."""
    if source.problem:
        return source.problem
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        why = error.strerror or str(error)
        return UnreadableDocument("The file cannot be opened.", why=f"{why}.")


class Records:
    """The records of a collection, read from the cache when they are asked for."""

    def __init__(self, sources: Mapping[str, Source], cache: RecordCache, tools: Tools) -> None:
        self.sources, self._cache, self._tools = sources, cache, tools

    def of(self, document: str) -> Record:
        """The record of a document; read again from its file when the cache lost it.

        :raises FindingsError: when the file is no longer what it was.
        """
        source = self.sources[document]
        entry = self._cache.get(source.sha256, source.file)
        if not isinstance(entry, Record):
            entry = self._again(source)
        return entry

    def _again(self, source: Source) -> Record:
        file = SourceFile(Path(source.path), source.file)
        if _digest(file) == source.sha256:
            entry = entry_of(self._tools, file, source.sha256)
            if isinstance(entry, Record):
                self._cache.put(source.sha256, entry)
                return entry
        raise FindingsError(
            f"The record of {source.file} is gone from the cache.",
            why="The cache and the file were changed while the build ran.",
            cure="Build again.",
        )


def stream(sources: Iterable[Source], cache: RecordCache) -> Iterator[Record]:
    """The records of sources, one at a time, in order of document id."""
    for source in sorted(sources, key=lambda each: each.document):
        entry = cache.get(source.sha256, source.file)
        if not isinstance(entry, Record):
            raise FindingsError(
                f"The record of {source.file} is gone from the cache.",
                why="The cache was changed meanwhile.",
                cure="Build again.",
            )
        yield entry
