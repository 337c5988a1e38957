"""The child process that reads: requests come on standard input, replies go to standard output.

Each message is a four-byte length and a MessagePack record. Every file gets its own budget
of processor time; the address space is capped for the life of the process.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg import confine, errors
from kg.model import Document
from kg.readers.convert import convert
from kg.readers.limits import ReaderLimits


class Request(msgspec.Struct, frozen=True):
    """One file to read, by absolute path and by the name users know."""

    path: str
    file: str
    limits: ReaderLimits


class Failure(msgspec.Struct, frozen=True):
    """A file that cannot be read: the error's class and its three parts."""

    error: str
    what: str
    why: str
    cure: str


class Reply(msgspec.Struct, frozen=True):
    """What came of a request: a document or a failure."""

    document: Document | None = None
    failure: Failure | None = None


_HEADER = struct.Struct(">I")


def send(stream: BinaryIO, record: msgspec.Struct) -> None:
    """Writes one message."""
    body = msgspec.msgpack.encode(record)
    stream.write(_HEADER.pack(len(body)) + body)
    stream.flush()


def length(header: bytes) -> int:
    """The size of the message that a header announces, in bytes."""
    size: int = _HEADER.unpack(header)[0]
    return size


HEADER_BYTES = _HEADER.size


def main() -> None:
    """Serves requests until standard input closes; what reads has no network."""
    confine.give_up_privileges()
    confine.leave_network(keep_user=True)
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while len(header := source.read(HEADER_BYTES)) == HEADER_BYTES:
        request = msgspec.msgpack.decode(source.read(length(header)), type=Request)
        limits = request.limits
        confine.bound(memory=limits.memory_bytes, cpu_seconds=limits.cpu_seconds)
        send(answers, _answer(request))


def _answer(request: Request) -> Reply:
    try:
        return Reply(document=convert(Path(request.path), request.file, request.limits))
    except errors.UnreadableDocument as error:
        return _failed(type(error).__name__, error.what, error.why, error.cure)
    except MemoryError:
        return _failed(
            "DocumentTooLarge",
            "Reading the file took too much memory.",
            f"The limit is {request.limits.memory_bytes >> 20} MiB.",
            "Split it, or raise the limit on memory.",
        )
    except RecursionError:
        return _failed(
            "UnreadableDocument",
            "The file is nested too deeply to be read.",
            "Its parts stand inside one another beyond what a document needs.",
            "Export it again from its source.",
        )
    except OSError as error:
        return _failed(
            "UnreadableDocument",
            "The file cannot be opened.",
            f"{error.strerror or error}.",
            "Check that it exists and may be read.",
        )


def _failed(error: str, what: str, why: str, cure: str) -> Reply:
    return Reply(failure=Failure(error, what, why, cure))


if __name__ == "__main__":
    main()
