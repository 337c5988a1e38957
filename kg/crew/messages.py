"""What a build and its workers say to each other."""

from __future__ import annotations

import struct

import msgspec

from kg import errors
from kg.document_graph import Graphed
from kg.errors import FindingsError
from kg.resolve.meaning import Meaning
from ontology.iris import DEFAULT_BASE

REQUEST = struct.Struct(">i")
FORK = REQUEST.pack(-1)
"""The request for a worker; any other number asks how the worker of that number ended."""


class Start(msgspec.Struct, frozen=True):
    """What workers work with: model, data directory, version of what reads, process id of the
    build; the base of IRIs, and whether names are written as printed."""

    model: str
    home: str
    reading: str
    parent: int
    base: str = DEFAULT_BASE
    names: bool = True


class Task(msgspec.Struct, frozen=True, tag="read"):
    """A file to read, by absolute path and by the name users know."""

    path: str
    file: str
    sha256: str


class Standing(msgspec.Struct, frozen=True, tag="standing"):
    """The wish for vectors of texts that are the same whatever the documents are."""


class Asked(msgspec.Struct, frozen=True, tag="graph"):
    """A document of which the graph is wanted: its file's digest and name, its meaning."""

    document: str
    sha256: str
    file: str
    meaning: Meaning


class Answer(msgspec.Struct, frozen=True, tag="read"):
    """A file is read, or why not: the error's class and its three parts.

    ``memory`` is what the worker's process holds, in MiB.
    """

    sha256: str
    error: str = ""
    what: str = ""
    why: str = ""
    cure: str = ""
    memory: int = 0

    def problem(self) -> FindingsError | None:
        """The error to raise, if any."""
        if not self.error:
            return None
        kind = getattr(errors, self.error, FindingsError)
        made: FindingsError = kind(self.what, why=self.why, cure=self.cure)
        return made


Work = Task | Standing | Asked
Outcome = Answer | Graphed
