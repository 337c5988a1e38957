"""Builds under a disk that fails: run as a process of its own, with the failing disk loaded.

Each line of standard input is a fault; each line of standard output is what came of a build
under it. Every build runs in a fork, so that the imports are paid once.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg.errors import FindingsError
from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from tests.kg import toy


class Fault(msgspec.Struct, frozen=True):
    """A fault of the disk that holds ``home``: from call ``at`` on when ``lasting``, or once."""

    files: str
    home: str
    at: int = 0
    error: int = 0
    lasting: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What a build came to: its message when it was refused, and how often it asked the disk."""

    published: bool
    failed: tuple[str, ...]
    message: str
    calls: int


def attempt(fault: Fault) -> Outcome:
    """One build under a fault. Any exception but our own errors ends the process."""
    disk = ctypes.CDLL(None)
    disk.disk_arm(fault.home.encode(), ctypes.c_long(fault.at), fault.error, int(fault.lasting))
    published, failed, message = False, (), ""
    try:
        report = build(
            [Path(fault.files)],
            Path(fault.home),
            BuildSettings(),
            indexers=[toy.Index()],
            report=Quiet(),
            tools=toy.tools(),
        )
        published, failed = report.published, tuple(str(each) for each in report.failed)
    except FindingsError as error:
        message = str(error)
    calls = disk.disk_calls()
    disk.disk_arm(b"", ctypes.c_long(0), 0, 0)
    return Outcome(published, failed, message, calls)


def _answer(fault: Fault, output: BinaryIO) -> None:
    output.write(msgspec.json.encode(attempt(fault)) + b"\n")
    output.flush()


def main() -> None:
    """Answer one fault after another; an attempt that died is told as null."""
    context = multiprocessing.get_context("fork")
    for line in sys.stdin.buffer:
        fault = msgspec.json.decode(line, type=Fault)
        process = context.Process(target=_answer, args=(fault, sys.stdout.buffer))
        process.start()
        process.join()
        if process.exitcode:
            sys.stdout.buffer.write(b"null\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
