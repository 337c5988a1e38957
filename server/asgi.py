"""The parts of ASGI 3 (HTTP) that the service uses, as types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypedDict


class Scope(TypedDict):
    """What is known of a request once its head is there."""

    method: str
    scheme: str
    http_version: str
    raw_path: bytes
    query_string: bytes
    headers: list[tuple[bytes, bytes]]
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None


Message = MutableMapping[str, Any]
"""An event, in either direction; ``type`` says which."""

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
