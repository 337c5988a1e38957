"""What an index needs of one document, and what resolvers keep of it: made once, and kept.

An index is put together from parts, one a document, so that adding a document costs no more
than its own part and the putting together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from kg.cache import PartCache
from kg.model import Record
from kg.resolve import Resolvers
from kg.resolve.told import tell, told_key


class Indexer(Protocol):
    """Writes an index of its own below a fresh generation's directory."""

    @property
    def version(self) -> str:
        """Changes with all that a part depends on besides its record."""
        ...

    def prepare(self, record: Record) -> bytes:
        """What the index needs of one document."""
        ...

    def assemble(self, generation: Path, parts: Iterable[bytes]) -> Any:
        """Write the index from the parts, which come once, in order of document id."""
        ...


@runtime_checkable
class Revising(Protocol):
    """An indexer that can go on from the index of an earlier generation."""

    def revise(
        self, generation: Path, base: Path, documents: Sequence[str], part: Callable[[str], bytes]
    ) -> bool:
        """Write the index of documents, in order of id, of which those that the generation
        ``base`` holds are as they were; False, and nothing of use, where that cannot be."""
        ...


@runtime_checkable
class Wording(Protocol):
    """An indexer that embeds texts besides those of documents."""

    @property
    def wordings(self) -> Sequence[str]:
        """Those texts, which are the same whatever the documents are."""
        ...


def part_of(record: Record, reading: str, indexer: Indexer, cache: PartCache) -> bytes:
    """The part of a record, kept or made; ``reading`` is the version of what read it."""
    key = part_key(record.document.sha256, record.document.file, reading, indexer)
    part = cache.get(key)
    if part is None:
        part = indexer.prepare(record)
        cache.put(key, part)
    return part


def part_key(sha256: str, file: str, reading: str, indexer: Indexer) -> str:
    """What a part is kept under: the file's bytes and name, and all that worked on them."""
    made = "\0".join((sha256, file, reading, indexer.version))
    return hashlib.sha256(made.encode()).hexdigest()


def told_of(record: Record, version: str, resolvers: Resolvers, cache: PartCache) -> bytes:
    """What is told of a record, kept or made."""
    key = told_key(record.document.sha256, record.document.file, version)
    told = cache.get(key)
    if told is None:
        told = tell(record, resolvers)
        cache.put(key, told)
    return told
