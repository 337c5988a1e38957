"""An application on a real socket of this machine, in a thread of the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from server.bridge import QUICK
from server.web import WebServer


@contextmanager
def served(app: Flask, threads: int = 8) -> Iterator[str]:
    """Its address, on a free port. What takes long at the end is cut off."""
    server = WebServer(app, threads=threads, stop_seconds=2, quickly=app.extensions.get(QUICK))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join()
