"""An application on a real socket of this machine, in a thread of the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def served(app: Flask, threads: int = 8) -> Iterator[str]:
    """Its address, on a free port. The sockets are closed in the thread that looks at them."""
    server = create_server(
        app, host="127.0.0.1", port=0, threads=threads, channel_request_lookahead=1
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join()
