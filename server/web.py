"""The web server: uvicorn in front of the application, stopped without losing a request.

    SIGTERM ─▶ /readyz 503, listening socket closed ─▶ requests end, or the time is up ─▶ exit

A second SIGTERM waits for no request any more; Ctrl-C ends at once. The handler of the signal
sets flags and nothing else, so it can come at any moment, before the loop runs too.
"""

from __future__ import annotations

import logging
import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from server.bridge import Bridge, Quickly
from server.connections import IDLE_SECONDS, BoundedProtocol, listening

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16
STOP_SECONDS = 20.0


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


class WebServer:
    """An application on a socket, which listens from now on and is answered by :meth:`run`."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        threads: int = THREADS,
        stop_seconds: float = STOP_SECONDS,
        quickly: Quickly | None = None,
    ) -> None:
        self._socket = listening(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.begun = threading.Event()
        self._server = _Server(
            uvicorn.Config(
                Bridge(app, threads, quickly),
                http=BoundedProtocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=math.ceil(stop_seconds),
            )
        )

    def install(self) -> None:
        """Take SIGTERM; from the main thread, before the server runs."""
        signal.signal(signal.SIGTERM, self._signalled)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if self.begun.is_set():
            self._server.force_exit = True
        self.stop()

    def stop(self) -> None:
        """Take no more connections, answer what was asked, end; from any thread."""
        self.begun.set()
        self._server.should_exit = True

    def run(self) -> None:
        """Answer until stopped."""
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])
