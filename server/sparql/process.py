"""One worker process, as its parent sees it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from server.sparql.errors import PoolUnavailable
from server.sparql.limits import QueryLimits
from server.sparql.wire import HEAD

SPOOL = 1 << 20
PIECE = 256 << 10
START_SECONDS = 20.0
LOOK_SECONDS = 0.1
ROOT = Path(__file__).resolve().parents[2]
START = (
    "import sys; sys.path += sys.argv[1:3]; from importlib import import_module; "
    "import_module(sys.argv[3]).main(*sys.argv[4:])"
)
"""Run a module's ``main`` with nothing but the standard library, this tree and pyoxigraph."""

QUERIES = "server.sparql.worker"


class DeadlinePassed(Exception):
    """The worker had not ended its answer in time."""


class Gone(Exception):
    """The worker died; the message is the end of what it wrote to stderr."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


@dataclass
class Reply:
    """What a worker answered: the record that ends it, and the body before that."""

    record: dict[str, Any]
    body: IO[bytes]
    length: int


def _packages() -> str:
    spec = find_spec("pyoxigraph")
    if spec is None or spec.origin is None:
        raise PoolUnavailable("pyoxigraph is not installed.")
    return str(Path(spec.origin).parents[1])


def _appended(body: IO[bytes], payload: bytes) -> IO[bytes]:
    """The body with more at its end; once it is large, in a file that has no name."""
    if isinstance(body, BytesIO) and body.tell() + len(payload) > SPOOL:
        held, body = body.getvalue(), tempfile.TemporaryFile()  # noqa: SIM115 - the reply owns it
        body.write(held)
    body.write(payload)
    return body


def _environment() -> dict[str, str]:
    """Nothing of ours; and few memory arenas, for they count against the address space."""
    return {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "TMPDIR": tempfile.gettempdir()}


def settings_of(store: Path, limits: QueryLimits, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """What a worker is told at its start."""
    return {
        "store": str(store),
        "memory": limits.memory,
        "nice": limits.nice,
        "prefixes": dict(prefixes),
    }


class WorkerProcess:
    """Start it, ask it, kill it. Used by one thread at a time.

    ``settings`` are told to the ``main`` of ``module``, which answers on a socket.
    """

    def __init__(self, settings: Mapping[str, Any], module: str = QUERIES) -> None:
        self.generation, self.served, self.resident = "", 0, 0
        self.confined: dict[str, bool] = {}
        self._ready = False
        self._held = bytearray()
        ours, theirs = socket.socketpair()
        self._socket = ours
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        command = [sys.executable, "-I", "-S", "-c", START, str(ROOT), _packages(), module]
        described = json.dumps({**settings, "parent": os.getpid()})
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own file
                [*command, str(theirs.fileno()), described],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
            )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Until the store is open; PoolUnavailable with the reason when that fails."""
        if self._ready:
            return
        try:
            reply = self._read(time.monotonic() + START_SECONDS, None)
        except (DeadlinePassed, Gone, OSError) as error:
            self.kill()
            raise PoolUnavailable(
                "The query engine cannot be started.",
                why=str(error)[-300:],
                cure="Check the generation with `findings verify`.",
            ) from error
        self.confined, self._ready = reply.record["open"], True

    def ask(
        self, request: Mapping[str, Any], seconds: float, gone: Callable[[], bool] | None = None
    ) -> Reply:
        """The worker's answer to a request, complete. After any exception, kill it."""
        until = time.monotonic() + seconds
        message = json.dumps(request).encode()
        self.served += 1
        try:
            self._socket.settimeout(seconds)
            self._socket.sendall(len(message).to_bytes(4, "big") + message)
            reply = self._read(until, gone)
        except OSError as error:
            raise Gone(self._last_words()) from error
        self.resident = reply.record.get("rss", self.resident)
        return reply

    def _read(self, until: float, gone: Callable[[], bool] | None) -> Reply:
        body: IO[bytes] = BytesIO()
        try:
            while True:
                kind, payload = self._frame(until, gone)
                if kind == b"E":
                    length = body.tell()
                    body.seek(0)
                    return Reply(json.loads(payload), body, length)
                body = _appended(body, payload)
        except BaseException:
            body.close()
            raise

    def _frame(self, until: float, gone: Callable[[], bool] | None) -> tuple[bytes, bytes]:
        kind, size = HEAD.unpack(self._exactly(HEAD.size, until, gone))
        return kind, self._exactly(size, until, gone)

    def _exactly(self, count: int, until: float, gone: Callable[[], bool] | None) -> bytes:
        while len(self._held) < count:
            part = self._receive(until, gone)
            if not part:
                raise Gone(self._last_words())
            self._held += part
        data = bytes(self._held[:count])
        del self._held[:count]
        return data

    def _receive(self, until: float, gone: Callable[[], bool] | None) -> bytes:
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(min(left, LOOK_SECONDS) if gone else left)
            try:
                return self._socket.recv(PIECE)
            except TimeoutError:
                if gone and gone():
                    raise Abandoned from None
        raise DeadlinePassed

    def _last_words(self) -> str:
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - 2000))
        return self._stderr.read().decode("utf-8", "replace").strip()

    def kill(self) -> None:
        """End it at once and free what it held."""
        self._process.kill()
        self._socket.close()
        self._process.wait()
        self._stderr.close()
