"""The endpoint on a real socket, as it is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server

from server.sparql.blueprint import sparql_blueprint
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint


@contextmanager
def served(pool: QueryPool, threads: int = 24) -> Iterator[str]:
    """The address of a server with the endpoint and a health page."""
    app, endpoint = Flask("live"), Endpoint(pool)
    app.register_blueprint(sparql_blueprint(lambda: endpoint, client=_client))
    app.add_url_rule("/healthz", "health", lambda: "ok")
    server = create_server(
        app, host="127.0.0.1", port=0, threads=threads, channel_request_lookahead=1
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.pull_trigger()
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()


def _client() -> str:
    """Tests play several clients from one address."""
    import flask

    return flask.request.headers.get("X-Test-Client") or flask.request.remote_addr or ""
