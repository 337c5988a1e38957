"""How a worker process and its parent talk: frames over a socket.

A request is a length of four bytes and a JSON record. An answer is frames: a kind of one byte,
a length of four, a payload. ``D`` carries a part of the answer; ``E`` ends it with a JSON record
whose ``status`` says whether the parts may be used at all. Standard library alone.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from typing import Any

HEAD = struct.Struct("!cI")


class Wire:
    """Frames over the socket to the parent."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._requests = connection.makefile("rb")
        self._begins = select.poll()
        self._begins.register(connection, select.POLLIN)

    def send(self, kind: bytes, payload: bytes) -> None:
        """One frame."""
        self._socket.sendall(HEAD.pack(kind, len(payload)) + payload)

    def end(self, data: bytes, record: dict[str, Any]) -> None:
        """The last part of an answer and the record that ends it, in one write."""
        last = json.dumps(record).encode()
        part = HEAD.pack(b"D", len(data)) + data if data else b""
        self._socket.sendall(part + HEAD.pack(b"E", len(last)) + last)

    def receive(self) -> dict[str, Any] | None:
        """The next request; None when the parent has gone.

        Waited for by ``poll``: who waits in ``recv`` is woken, for nothing, when the parent takes
        the answer before, and that costs as much as a small query.
        """
        self._begins.poll()
        head = self._requests.read(4)
        body = self._requests.read(int.from_bytes(head, "big"))
        return json.loads(body) if body else None
