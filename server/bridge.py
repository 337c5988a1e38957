"""A WSGI application behind an event loop: threads answer, and never wait for a client.

    loop: the whole request, bounded ─▶ thread: the answer's first megabyte ─▶ loop: sends it
                                        thread: the next megabyte, once that is taken ◀┘

A request is given to a thread once it is there whole, so slow clients cost no thread. Of what
the application gives, a megabyte is made ahead of the client; the rest stays where it is, in a
file or yet to be made, until the client has taken what came before.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar
from urllib.parse import unquote_to_bytes

from server.asgi import Receive, Scope, Send
from server.connections import HEAD_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

T = TypeVar("T")
HELD = 1 << 20
"""Bytes of an answer that are made ahead of the client."""

LARGEST_BODY = 1 << 20
BODY_SECONDS = 60.0
QUICK = "quick"
"""Key of an application's extensions: what answers requests on the event loop."""

GONE = "findings.client_gone"
"""Key of the environ: a function that says whether nobody waits for the answer any more."""


class Refused(Exception):
    """A request that the application never sees, and the status that says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Threads:
    """Threads that do work in the order it comes. No work is waited for when the process ends."""

    def __init__(self, count: int) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for number in range(count):
            threading.Thread(target=self._run, name=f"request-{number}", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._work.get()()

    async def do(self, act: Callable[[], T]) -> T:
        """What an act in a thread gives, or raises; the context is the caller's."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def settle(value: T | None, error: BaseException | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(value)  # type: ignore[arg-type]

        def work() -> None:
            try:
                outcome: tuple[T | None, BaseException | None] = context.run(act), None
            except Exception as error:
                outcome = None, error
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                loop.call_soon_threadsafe(settle, *outcome)

        self._work.put(work)
        return await done


class _Gone:
    """Whether the client has gone away; looks only once somebody asks."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive) -> None:
        self._loop, self._receive = loop, receive
        self._watch: asyncio.Task[None] | None = None
        self._asked = self._gone = False

    def __call__(self) -> bool:
        if not self._asked:
            self._asked = True
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._begin)
        return self._gone

    def _begin(self) -> None:
        self._watch = self._loop.create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True


class FileWrapper:
    """``wsgi.file_wrapper`` of PEP 3333: a file in pieces, which is closed after the last one.

    Whoever reads it through, such as what compresses answers, may never come to close it.
    """

    def __init__(self, file: IO[bytes], size: int = 64 * 1024) -> None:
        self._file, self._size = file, size

    def __iter__(self) -> FileWrapper:
        return self

    def __next__(self) -> bytes:
        """The next piece."""
        piece = b"" if self._file.closed else self._file.read(self._size)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Answer(NamedTuple):
    """Status, headers, the first piece, and what gives the others, if there are any."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    rest: _Pieces | None


class _Pieces:
    """The body of an answer in pieces of about a megabyte; the last one ends it."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body, self._parts = body, iter(body)
        self.ended = False

    def next(self) -> bytes:
        """The next piece."""
        held: list[bytes] = []
        size = 0
        try:
            for part in self._parts:
                held.append(part)
                size += len(part)
                if size >= HELD:
                    return b"".join(held)
        except BaseException:
            self.close()
            raise
        self.close()
        return b"".join(held)

    def close(self) -> None:
        """Let go of what the body holds."""
        self.ended, self._parts = True, iter(())
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


class Quick(NamedTuple):
    """Status, headers and body of an answer that was made on the event loop."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes]


class Aside(Protocol):
    """Does in a thread what takes long; awaited on the loop."""

    def __call__(self, act: Callable[[], T], /) -> Awaitable[T]:
        """What the act gives, or raises."""
        ...


Quickly = Callable[[dict[str, Any], Aside], Awaitable[Quick | Answer | None]]
"""Answers a request on the event loop, or gives None, and then a thread calls the application."""


class Bridge:
    """The ASGI application over a WSGI application.

    ``quickly`` is asked first, on the loop.
    """

    def __init__(self, app: WSGIApplication, threads: int, quickly: Quickly | None = None) -> None:
        self._app, self._threads, self._quickly = app, Threads(threads), quickly

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await self._request_body(scope, receive)
        except Refused as refused:
            await _refuse(refused.status, send)
            return
        environ = environ_of(scope, body)
        environ[GONE] = _Gone(asyncio.get_running_loop(), receive)
        answer = await self._answered(environ)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        rest = answer.rest
        await _send_piece(send, answer.body, more=rest is not None)
        while rest is not None and not rest.ended:
            if environ[GONE]():
                await self._threads.do(rest.close)
                return
            piece = await self._threads.do(rest.next)
            await _send_piece(send, piece, more=not rest.ended)

    async def _answered(self, environ: dict[str, Any]) -> Answer:
        quick = await self._quickly(environ, self._threads.do) if self._quickly else None
        if quick is None:
            return await self._threads.do(lambda: answered(self._app, environ))
        if isinstance(quick, Answer):
            return quick
        if isinstance(quick.body, list):
            return Answer(quick.status, _fields(quick.headers), b"".join(quick.body), None)
        pieces = _Pieces(quick.body)
        body = await self._threads.do(pieces.next)
        rest = None if pieces.ended else pieces
        return Answer(quick.status, _fields(quick.headers), body, rest)

    async def _request_body(self, scope: Scope, receive: Receive) -> bytes:
        head = len(scope["query_string"]) + len(scope["raw_path"])
        length = 0
        has_body = False
        for name, value in scope["headers"]:
            head += len(name) + len(value)
            if name == b"content-length":
                length, has_body = int(value), True
            elif name == b"transfer-encoding":
                has_body = True
        if head > HEAD_BYTES:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if length > LARGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not has_body:
            return b""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._read(receive)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None

    async def _read(self, receive: Receive) -> bytes:
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Refused(HTTPStatus.REQUEST_TIMEOUT)
            body += message.get("body", b"")
            more = bool(message.get("more_body", False))
            if len(body) > LARGEST_BODY:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return bytes(body)


async def _send_piece(send: Send, piece: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})


async def _refuse(status: HTTPStatus, send: Send) -> None:
    """Say why, and take nothing more from this connection."""
    text = status.phrase.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await _send_piece(send, text, more=False)


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 has it.

    Headers whose names have an underscore are left out: they could pass for others.
    """
    server, client = scope["server"] or ("", 0), scope["client"] or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope["raw_path"]),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name, text = _variable(raw), value.decode("latin-1")
        if not name:
            continue
        if name in environ:
            text = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{text}"
        environ[name] = text
    if body and "CONTENT_LENGTH" not in environ:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


@lru_cache(maxsize=256)
def _variable(raw: bytes) -> str:
    """The name in the environ of a header, or nothing for one that could pass for another."""
    if b"_" in raw:
        return ""
    name = raw.decode("latin-1").upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


@lru_cache(maxsize=256)
def _path(raw: bytes) -> str:
    return unquote_to_bytes(raw).decode("latin-1")


def _fields(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """As the server takes them, which tells the date itself."""
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
        if name.lower() != "date"
    ]


def answered(app: WSGIApplication, environ: dict[str, Any]) -> Answer:
    """Call the application; the first piece of its answer, and the rest if it is longer."""
    started: list[tuple[int, list[tuple[bytes, bytes]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[..., object]:
        started[:] = [(int(status[:3]), _fields(headers))]
        return _no_writing

    pieces = _Pieces(app(environ, start))
    body = pieces.next()
    status, headers = started[0]
    return Answer(status, headers, body, None if pieces.ended else pieces)


def _no_writing(_: bytes) -> None:
    raise NotImplementedError("write() is not for new applications (PEP 3333)")
