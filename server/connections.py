"""What a connection may take of the service before it has asked anything.

The parser below keeps whatever comes until a line ends, and a connection that sends nothing has
no clock of its own; so both are bounded here.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTIONS = 1000
"""Connections at a time: slow ones cost memory, not threads."""

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 60.0
IDLE_SECONDS = 60
UNREAD_MILLISECONDS = 60_000
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes one that is free.

    Its connections end when their peer takes nothing for a minute: the system inherits the
    option to each, and no thread or timer of ours has to watch them.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.create_server((host, port), family=family, backlog=1024)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    return opened


class Gathered(asyncio.Transport):
    """A connection on which what is written in one turn of the loop leaves in one call.

    The parser writes the head of an answer and its body apart; sent so, each would wake the client.
    """

    LARGE = 64 * 1024

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it with what else is written in this turn; what is large, at once."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(bytes(data))
        if len(data) >= self.LARGE:
            self._flush()

    def _flush(self) -> None:
        if self._parts:
            gathered = b"".join(self._parts)
            self._parts.clear()
            self._transport.write(gathered)

    def close(self) -> None:
        """Send what was written, and end."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """End at once."""
        self._parts.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it ends or has ended."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """Take nothing from the client for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take again what the client sends."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose requests have to begin in time and within a size."""

    _clock: asyncio.TimerHandle | None = None
    _in_head, _head = True, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(Gathered(transport, self.loop))
        if len(self.connections) > CONNECTIONS:
            self.transport.abort()
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, and nothing is waited for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; too much before the head of a request is complete ends it."""
        super().data_received(data)
        if not self._in_head:
            return
        self._head += len(data)
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head of a request is there."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._stop_waiting()
        self._clock = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
