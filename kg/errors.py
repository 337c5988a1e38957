"""The errors a user of the graph can meet, named by what went wrong.

    FindingsError
    ├── UnreadableDocument      a file that cannot be turned into text
    │   ├── UnsupportedFormat   its bytes are of no format we read
    │   ├── EncryptedDocument   it asks for a password
    │   ├── EmptyDocument       it holds no text (also: a scan without a text layer)
    │   ├── DocumentTooLarge    it breaks a limit on size, pages, memory or time
    │   └── DuplicateDocument   the same document was read under another name
    ├── InvalidClaim            a claim whose span or values cannot be true
    ├── ShapeViolation          the graph breaks a SHACL shape
    ├── GenerationError         a generation is missing, damaged or of another version
    ├── DataLocked              another process is writing to the data directory
    ├── FetchRefused            an address that is not, or cannot be, fetched
    ├── StorageFailed           the disk refused a write: full, read-only or broken
    ├── StoreUnavailable        a remote store does not answer, or not in full
    └── QueryError              a SPARQL query that cannot be run
        └── UnknownThing        a query that names something which is not there

Every message says what happened, why, and what to do about it.
"""

from __future__ import annotations


class FindingsError(Exception):
    """Base of all errors that are the input's fault and not a defect of ours."""

    def __init__(self, what: str, *, why: str = "", cure: str = "") -> None:
        self.what, self.why, self.cure = what, why, cure
        super().__init__(" ".join(part for part in (what, why, cure) if part))


class UnreadableDocument(FindingsError):
    """A file that cannot be turned into text."""


class UnsupportedFormat(UnreadableDocument):
    """The file's bytes are of no format that is read."""


class EncryptedDocument(UnreadableDocument):
    """The file asks for a password."""


class EmptyDocument(UnreadableDocument):
    """The file holds no text, or only pictures of text."""


class DocumentTooLarge(UnreadableDocument):
    """Reading the file broke a limit on size, pages, memory or time."""


class DuplicateDocument(UnreadableDocument):
    """The same document was read already under another name."""


class InvalidClaim(FindingsError):
    """A claim whose span or values cannot be true of its document."""


class ShapeViolation(FindingsError):
    """The graph breaks a SHACL shape; the message names document, passage and rule."""


class GenerationError(FindingsError):
    """A generation is missing, damaged or was written by another version."""


class DataLocked(FindingsError):
    """Another process is writing to the data directory."""


class FetchRefused(FindingsError):
    """An address that is not fetched, by our rules, or could not be."""


class StorageFailed(FindingsError):
    """The disk refused to keep what was written: it is full, read-only or broken."""


class StoreUnavailable(FindingsError):
    """A remote store does not answer, refuses us, or breaks off."""


class QueryError(FindingsError):
    """A SPARQL query that cannot be parsed or run."""


class UnknownThing(QueryError):
    """A query that names something which is not there."""
