"""A stand-in for an OpenAI-compatible server, on loopback, that replies as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[dict[str, Any]], str]
"""From the data of a request to the text of the reply."""


class StandIn:
    """What was asked, and how it is answered."""

    def __init__(self, reply: Reply) -> None:
        self.reply, self.status, self.raw, self.wait = reply, 200, b"", 0.0
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.address = ""

    def body(self, request: dict[str, Any]) -> bytes:
        """The completion, or the bytes that are sent in its place."""
        self.asked.append(request)
        if self.raw or self.status != 200:
            return self.raw
        data = json.loads(request["messages"][1]["content"])
        message = {"role": "assistant", "content": self.reply(data)}
        return json.dumps({"object": "chat.completion", "choices": [{"message": message}]}).encode()


@contextmanager
def standin(reply: Reply) -> Iterator[StandIn]:
    """A server that runs for the length of a ``with``."""
    told = StandIn(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.keys.append(self.headers.get("Authorization", ""))
            length = int(self.headers["Content-Length"])
            body = told.body(json.loads(self.rfile.read(length)))
            time.sleep(told.wait)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
