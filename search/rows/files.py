"""The files that rows stand in."""

from __future__ import annotations

import hashlib

import msgspec

from search.rows.model import DocumentRow

DATA, DOCUMENTS = "rows.jsonb", "documents.json"
BOUNDS, OF, STARTS = "bounds.npy", "of.npy", "starts.npy"
DIGESTS, ORDER, LABELS = "digests.npy", "order.npy", "labels.npy"


class Kept(msgspec.Struct, frozen=True):
    """What stands in :data:`DOCUMENTS`: documents, and where the rows of each label stand."""

    documents: tuple[DocumentRow, ...]
    labels: dict[str, tuple[int, int]]


def short(identifier: str) -> int:
    """The digest by which an id is looked up."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest())
