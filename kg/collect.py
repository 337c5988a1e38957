"""Files to records: each is read once, and not again while its bytes and the code stay.

What comes back is light (names and digests); the records wait in the cache and are
streamed from it, so that the texts of a large collection are never all in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from kg.cache import RecordCache, Refusal
from kg.errors import (
    DuplicateDocument,
    EmptyDocument,
    EncryptedDocument,
    FindingsError,
    InvalidClaim,
    UnreadableDocument,
    UnsupportedFormat,
)
from kg.extract import Context, extract
from kg.files import SourceFile
from kg.generations import Source, crash_point
from kg.model import Claim, Document, Record
from kg.progress import Reporter
from kg.quads.ids import claim_kind
from kg.tools import Tools

# Refusals that lie in the bytes. Others, a time limit say, may end otherwise next time.
_LASTING = (UnsupportedFormat, EncryptedDocument, EmptyDocument)


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
    """Reads files into the cache and keeps count."""

    def __init__(self, tools: Tools, cache: RecordCache, reporter: Reporter) -> None:
        self._tools, self._cache, self._reporter = tools, cache, reporter

    def collect(self, files: Iterable[SourceFile]) -> Collection:
        """All files, in order; of two copies of one document the first is built."""
        found = list(files)
        collection = Collection()
        self._reporter.stage("read", len(found))
        for source in found:
            self._take(source, collection)
            self._reporter.step()
        return collection

    def _take(self, source: SourceFile, collection: Collection) -> None:
        if source.problem:
            collection.fail(source.file, source.problem)
            return
        try:
            self._file(source, collection)
        except UnreadableDocument as error:
            collection.fail(source.file, error)

    def _file(self, source: SourceFile, collection: Collection) -> None:
        sha256 = _digest(source)
        collection.seen.add(sha256)
        entry = self._cache.get(sha256, source.file)
        known = entry is not None
        if entry is None:
            entry = self._read(source, sha256)
            self._cache.put(sha256, entry)
            crash_point("after-reading")
        if isinstance(entry, Refusal):
            raise UnreadableDocument(entry.what, why=entry.why, cure=entry.cure)
        self._accept(source, entry, collection)
        (collection.unchanged if known else collection.read).append(source.file)

    def _read(self, source: SourceFile, sha256: str) -> Record | Refusal:
        try:
            return self._record(source, sha256)
        except _LASTING as error:
            return Refusal(type(error).__name__, error.what, error.why, error.cure)

    def _record(self, source: SourceFile, sha256: str) -> Record:
        tools = self._tools
        document = replace(tools.read(source.path, source.file), sha256=sha256)
        identity = tools.identify(document)
        document = replace(document, identity=identity, id=tools.slug(document, identity))
        context = Context(tools.sentences(document), tools.embedder)
        claims = extract(document, context, tools.extractors)
        _check_spans(document, claims)
        return Record(document, tools.passages(document), claims)

    def _accept(self, source: SourceFile, record: Record, collection: Collection) -> None:
        document = record.document
        text = hashlib.sha256("".join(document.text.casefold().split()).encode()).hexdigest()
        if text in collection.texts:
            raise DuplicateDocument(
                "It is a second copy of a document.",
                why=f"Its text is that of {collection.texts[text]}.",
                cure="Remove one of the two files.",
            )
        collection.texts[text] = source.file
        path = str(source.path.absolute())
        made = Source(source.file, path, document.sha256, document.id)
        collection.sources[document.id] = made


def _digest(source: SourceFile) -> str:
    """SHA-256 of a file's bytes. Raises UnreadableDocument when it cannot be opened or read."""
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableDocument("The file cannot be opened.", why=f"{why}.") from error


def _check_spans(document: Document, claims: Iterable[Claim]) -> None:
    """Every claim must bound words of the document: an extractor that does not is wrong."""
    for claim in claims:
        inside = 0 <= claim.start < claim.end <= len(document.text)
        if not inside or not document.quote(claim.start, claim.end).strip():
            kind = claim_kind(claim)
            raise InvalidClaim(
                f"{claim.extractor} read a claim ({kind}) in {document.id} without words.",
                why=f"Its span is {claim.start} to {claim.end} of {len(document.text)} characters.",
                cure="This is a defect of the extractor; please report it.",
            )


def stream(sources: Iterable[Source], cache: RecordCache) -> Iterator[Record]:
    """The records of sources, one at a time, in order of document id."""
    for source in sorted(sources, key=lambda each: each.document):
        entry = cache.get(source.sha256, source.file)
        if not isinstance(entry, Record):
            raise FindingsError(
                f"The record of {source.file} is gone from the cache.",
                why="The cache was changed while the build ran.",
                cure="Build again.",
            )
        yield entry
