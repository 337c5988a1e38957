"""Stop without losing a request: no new connections, those being answered to their end.

    SIGTERM ─▶ /readyz 503, listening sockets closed ─▶ requests end, or the time is up ─▶ exit

A second SIGTERM, or Ctrl-C, ends at once.
"""

from __future__ import annotations

import signal
import threading
import time
from functools import partial
from types import FrameType
from typing import Any

import structlog
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

log = structlog.get_logger("findings")

LOOK_SECONDS = 0.05


class Stopping:
    """Ends a server on SIGTERM; ``begun`` says that it is on its way."""

    def __init__(self, server: Any, seconds: float) -> None:
        self._server, self._seconds = server, seconds
        self._map: dict[int, Any] = getattr(server, "_map", None) or server.map
        self.begun = threading.Event()

    def install(self) -> None:
        """Take the signal; from the main thread, before the server runs."""
        signal.signal(signal.SIGTERM, self._signalled)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if self.begun.is_set():
            raise SystemExit(0)
        self.begun.set()
        threading.Thread(target=self._drain, name="stopping", daemon=True).start()

    def _drain(self) -> None:
        """Wait for what is being answered, then let the loop end as by a second signal."""
        until = time.monotonic() + self._seconds
        for listener in self._of(BaseWSGIServer):
            listener.trigger.pull_trigger(partial(_shut, listener))
        while self._busy() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        if left := self._busy():
            log.warning("stopped before every answer was sent", requests=left)
        signal.raise_signal(signal.SIGTERM)

    def _of(self, kind: type[Any]) -> list[Any]:
        return [each for each in list(self._map.values()) if isinstance(each, kind)]

    def _busy(self) -> int:
        """Connections with a request, or with bytes of an answer that are still to be sent."""
        return sum(
            bool(each.requests or each.request or each.total_outbufs_len)
            for each in self._of(HTTPChannel)
        )


def _shut(listener: Any) -> None:
    """Take no more connections. In the server's own thread and in one step: a socket that is
    closed while the loop still polls it would close the rest of the server too."""
    listener.del_channel()
    listener.socket.close()
