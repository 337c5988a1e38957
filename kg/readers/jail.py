"""Runs the readers in a child process that may die, hang or eat memory without harm to us.

One child reads many files in turn, so its start is paid once; when it dies or overruns its
time it is killed and the next file gets a new one.
"""

from __future__ import annotations

import atexit
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec

from kg import errors
from kg.model import Document
from kg.readers import worker
from kg.readers.limits import ReaderLimits

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1 << 16


class _GoneError(Exception):
    """The child closed its end."""


class _LateError(Exception):
    """The child did not answer in time."""


class Jail:
    """A child process and the conversation with it; threads wait for one another."""

    def __init__(self, limits: ReaderLimits) -> None:
        self.limits = limits
        self.child: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def read(self, path: Path, file: str) -> Document:
        """The document in a file. Raises UnreadableDocument and its kinds."""
        with self.lock:
            return self._read(path, file)

    def _read(self, path: Path, file: str) -> Document:
        child = self._running()
        try:
            reply = self._exchange(child, worker.Request(str(path.resolve()), file, self.limits))
        except _LateError:
            self.close()
            raise _too_slow(self.limits) from None
        except (_GoneError, BrokenPipeError):
            raise self._died(child) from None
        except BaseException:
            self.close()
            raise
        if reply.document is None:
            raise _error(reply.failure)
        return reply.document

    def close(self) -> None:
        """Ends the child, if one runs."""
        child, self.child = self.child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.child is None or self.child.poll() is not None:
            self.close()
            self.child = _start()
        return self.child

    def _exchange(self, child: subprocess.Popen[bytes], request: worker.Request) -> worker.Reply:
        if child.stdin is None or child.stdout is None:
            raise _GoneError
        worker.send(child.stdin, request)  # type: ignore[arg-type]
        deadline = time.monotonic() + self.limits.wall_seconds
        descriptor = child.stdout.fileno()
        header = _receive(descriptor, worker.HEADER_BYTES, deadline)
        body = _receive(descriptor, worker.length(header), deadline)
        return msgspec.msgpack.decode(body, type=worker.Reply)

    def _died(self, child: subprocess.Popen[bytes]) -> errors.UnreadableDocument:
        code = child.wait()
        self.close()
        if code == -signal.SIGXCPU:
            return _too_slow(self.limits)
        if code in _OUT_OF_MEMORY:
            return errors.DocumentTooLarge(
                "Reading the file broke off.",
                why=f"It seems to need more than {self.limits.memory_bytes >> 20} MiB of memory.",
                cure="Split it or save it again, or raise the limit on memory.",
            )
        return errors.UnreadableDocument(
            "Reading the file broke off.",
            why=f"It holds something the reader cannot take; the reader ended with status {code}.",
            cure="Save it again from its source.",
        )


_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGKILL, -signal.SIGBUS}


def _start() -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(_PACKAGE_ROOT),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "kg.readers.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _receive(descriptor: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(data) < size:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise _LateError
            chunk = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not chunk:
                raise _GoneError
            data += chunk
    return bytes(data)


def _too_slow(limits: ReaderLimits) -> errors.DocumentTooLarge:
    return errors.DocumentTooLarge(
        "Reading the file took too long.",
        why=f"The limit is {limits.cpu_seconds} s of processor time and "
        f"{limits.wall_seconds:.0f} s in all.",
        cure="Split it or save it again, or raise the limit on time.",
    )


_KINDS: dict[str, type[errors.UnreadableDocument]] = {
    kind.__name__: kind
    for kind in (
        errors.UnreadableDocument,
        errors.UnsupportedFormat,
        errors.EncryptedDocument,
        errors.EmptyDocument,
        errors.DocumentTooLarge,
    )
}


def _error(failure: worker.Failure | None) -> errors.UnreadableDocument:
    if failure is None:
        return errors.UnreadableDocument("The reader gave no answer.")
    kind = _KINDS.get(failure.error, errors.UnreadableDocument)
    return kind(failure.what, why=failure.why, cure=failure.cure)


_jails: dict[ReaderLimits, Jail] = {}


def shared(limits: ReaderLimits) -> Jail:
    """The jail of this process for these limits."""
    if not _jails:
        atexit.register(close)
    return _jails.setdefault(limits, Jail(limits))


def close() -> None:
    """Ends all children of this process."""
    for jail in _jails.values():
        jail.close()
    _jails.clear()
