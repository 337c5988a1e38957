"""Stop without losing a request: no new connections, those being answered to their end.

    SIGTERM ─▶ /readyz 503, listening sockets closed ─▶ requests end, or the time is up ─▶ exit

A second SIGTERM waits for no request any more; Ctrl-C ends at once.

The loop of the server is ended by emptying its map, in its own thread. An exception out of a
signal's handler would not do: waitress swallows what is raised while it runs what a trigger
asked for, which is where a quick stop finds it.
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
        self._seconds = seconds
        self._map: dict[int, Any] = getattr(server, "_map", None) or server.map
        self.begun = threading.Event()
        self._hurried = threading.Event()

    def install(self) -> None:
        """Take the signal; from the main thread, before the server runs."""
        signal.signal(signal.SIGTERM, self._signalled)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if self.begun.is_set():
            self._hurried.set()
            return
        self.begun.set()
        threading.Thread(target=self._drain, name="stopping", daemon=True).start()

    def _drain(self) -> None:
        """Wait for what is being answered, then let the loop end."""
        until = time.monotonic() + self._seconds
        listeners = self._of(BaseWSGIServer)
        for listener in listeners:
            listener.trigger.pull_trigger(partial(_shut, listener))
        while self._busy() and time.monotonic() < until:
            if self._hurried.wait(LOOK_SECONDS):
                break
        if left := self._busy():
            log.warning("stopped before every answer was sent", requests=left)
        listeners[0].trigger.pull_trigger(self._map.clear)

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
