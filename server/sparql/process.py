"""One worker process, as its parent sees it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from server.sparql.bell import Bell
from server.sparql.errors import PoolUnavailable
from server.sparql.limits import QueryLimits
from server.sparql.wire import HEAD

SPOOL = 1 << 20
PIECE = 256 << 10
SHORT = 16 << 10
"""Bytes of a request that an idle socket takes at once."""

SMALL = 64 << 10
"""Bytes of an answer that a loop may handle between other work."""

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


class _Incoming:
    """An answer as it comes in, in pieces that end anywhere."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._body: IO[bytes] = BytesIO()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return len(self._held) + self._body.tell()

    def feed(self, part: bytes) -> Reply | None:
        """Take the next piece; the whole answer, once it is there."""
        self._held += part
        while len(self._held) >= HEAD.size:
            kind, size = HEAD.unpack_from(self._held)
            end = HEAD.size + size
            if len(self._held) < end:
                break
            payload = bytes(self._held[HEAD.size : end])
            del self._held[:end]
            if kind == b"E":
                length = self._body.tell()
                self._body.seek(0)
                return Reply(msgspec.json.decode(payload), self._body, length)
            self._body = _appended(self._body, payload)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """What came of an answer that stays incomplete is let go."""
        if kind is not None:
            self._body.close()


def _message(request: Mapping[str, Any]) -> bytes:
    encoded = msgspec.json.encode(request)
    return len(encoded).to_bytes(4, "big") + encoded


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

    @property
    def ready(self) -> bool:
        """Whether the store is known to be open."""
        return self._ready

    def ask(
        self, request: Mapping[str, Any], seconds: float, gone: Callable[[], bool] | None = None
    ) -> Reply:
        """The worker's answer to a request, complete. After any exception, kill it."""
        return self._ask(_message(request), time.monotonic() + seconds, gone)

    def _ask(self, message: bytes, until: float, gone: Callable[[], bool] | None) -> Reply:
        self.served += 1
        try:
            self._socket.settimeout(max(0.001, until - time.monotonic()))
            self._socket.sendall(message)
            return self._noted(self._read(until, gone))
        except OSError as error:
            raise Gone(self._last_words()) from error

    async def ask_on_loop(
        self,
        request: Mapping[str, Any],
        seconds: float,
        gone: Callable[[], bool] | None,
        aside: Callable[[Callable[[], Reply]], Awaitable[Reply]],
    ) -> Reply:
        """The same for a task on an event loop; what is large, a thread sends or reads."""
        until, message = time.monotonic() + seconds, _message(request)
        if len(message) > SHORT:
            return await aside(lambda: self._ask(message, until, gone))
        self.served += 1
        try:
            self._socket.send(message, socket.MSG_DONTWAIT)
            with _Incoming() as incoming:
                reply = await self._read_on_loop(incoming, until, gone)
                if reply is None:
                    reply = await aside(lambda: self._read(until, gone, incoming))
                return self._noted(reply)
        except OSError as error:
            raise Gone(self._last_words()) from error

    def _noted(self, reply: Reply) -> Reply:
        self.resident = reply.record.get("rss", self.resident)
        return reply

    async def _read_on_loop(
        self, incoming: _Incoming, until: float, gone: Callable[[], bool] | None
    ) -> Reply | None:
        """The answer; None once it turns out to be large."""
        loop, readable, descriptor = asyncio.get_running_loop(), Bell(), self._socket.fileno()
        loop.add_reader(descriptor, readable.ring)
        try:
            while incoming.size <= SMALL:
                left = until - time.monotonic()
                if left <= 0:
                    raise DeadlinePassed
                if not await readable.wait(min(left, LOOK_SECONDS) if gone else left):
                    if gone and gone():
                        raise Abandoned
                    continue
                try:
                    reply = self._feed(incoming, self._socket.recv(SMALL, socket.MSG_DONTWAIT))
                except BlockingIOError:  # told of twice, and read already
                    continue
                if reply is not None:
                    return reply
        finally:
            loop.remove_reader(descriptor)
        return None

    def _read(
        self, until: float, gone: Callable[[], bool] | None, incoming: _Incoming | None = None
    ) -> Reply:
        with incoming or _Incoming() as held:
            while True:
                reply = self._feed(held, self._receive(until, gone))
                if reply is not None:
                    return reply

    def _feed(self, incoming: _Incoming, part: bytes) -> Reply | None:
        if not part:
            raise Gone(self._last_words())
        return incoming.feed(part)

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

    def end(self) -> None:
        """Have it ended, without waiting until it has."""
        self._process.kill()
        self._socket.close()

    def ended(self) -> bool:
        """Whether it has ended; then what it held is freed."""
        if self._process.poll() is None:
            return False
        self._stderr.close()
        return True

    def kill(self) -> None:
        """End it at once and free what it held."""
        self.end()
        self._process.wait()
        self._stderr.close()
