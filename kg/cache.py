"""What was read before: records, refusals and parts of indexes, by what they were made from.

A folder that may be deleted at any time. Entries are written beside their place and moved
into it, so a build killed in the middle leaves whole entries or none.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg.model import Record


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """Why a file could not be read: the three parts of its error."""

    error: str
    what: str
    why: str
    cure: str


class _Kept(msgspec.Struct, frozen=True, tag="record"):
    record: Record


_decoder: msgspec.json.Decoder[_Kept | Refusal] = msgspec.json.Decoder(_Kept | Refusal)


class RecordCache:
    """Records by SHA-256 of the file, for one version of the reading code and model."""

    def __init__(self, directory: Path, version: str) -> None:
        self._version = hashlib.sha256(version.encode()).hexdigest()[:12]
        self._directory = directory

    def _path(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / f"{sha256}-{self._version}"

    def get(self, sha256: str, file: str = "") -> Record | Refusal | None:
        """What was kept, under the name that the file has now; None when nothing was."""
        try:
            entry = _decoder.decode(zlib.decompress(self._path(sha256).read_bytes()))
        except (FileNotFoundError, zlib.error, msgspec.DecodeError):
            return None
        if isinstance(entry, Refusal):
            return entry
        document = entry.record.document
        named = replace(document, file=file or document.file)
        return replace(entry.record, document=named)

    def put(self, sha256: str, entry: Record | Refusal) -> None:
        """Keep a record or a refusal."""
        kept = _Kept(entry) if isinstance(entry, Record) else entry
        _place(self._path(sha256), zlib.compress(msgspec.json.encode(kept), 1))

    def has(self, sha256: str) -> bool:
        """Whether something is kept, which may yet prove damaged."""
        return self._path(sha256).is_file()

    def prune(self, keep: set[str]) -> None:
        """Forget what is no longer part of the collection, and what other versions kept."""
        _keep_only(self._directory, {self._path(sha256) for sha256 in keep})


class PartCache:
    """Bytes by key, each with its digest before it: a damaged part counts as none."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / key

    def get(self, key: str) -> bytes | None:
        """What was kept, or None."""
        try:
            held = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        digest, part = held[:_DIGEST_BYTES], held[_DIGEST_BYTES:]
        return part if hashlib.sha256(part).digest() == digest else None

    def put(self, key: str, part: bytes) -> None:
        """Keep a part."""
        _place(self._path(key), hashlib.sha256(part).digest() + part)

    def prune(self, keep: set[str]) -> None:
        """Forget all but some."""
        _keep_only(self._directory, {self._path(key) for key in keep})


_DIGEST_BYTES = 32


def _place(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _keep_only(directory: Path, wanted: set[Path]) -> None:
    for path in directory.glob("*/*"):
        if path not in wanted:
            path.unlink(missing_ok=True)
