"""The endpoint and the graph store in a Flask application."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flask
from flask import Blueprint, Flask

from server.bridge import QUICK
from server.sparql import graph_store, http
from server.sparql.errors import QueryTooLong
from server.sparql.http import Request, Response
from server.sparql.protocol import Endpoint
from server.sparql.wsgi import (
    BODY_LIMIT,
    PIECE,
    Client,
    Direct,
    Observer,
    length_of,
    remote_address,
    request_of,
)

METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]


def install(
    app: Flask,
    endpoint: Endpoint,
    *,
    headers: Mapping[str, str] | None = None,
    client: Client = remote_address,
    observer: Observer | None = None,
) -> None:
    """Let an application answer ``/sparql`` and ``/store``, programs without a detour.

    ``headers`` are those that the application adds to every answer; ``observer`` is told of what
    does not pass its hooks.
    """
    app.register_blueprint(sparql_blueprint(endpoint, client))
    direct = Direct(app.wsgi_app, endpoint, headers or {}, client, observer)
    app.wsgi_app = direct  # type: ignore
    app.extensions[QUICK] = direct.quick


def sparql_blueprint(endpoint: Endpoint, client: Client = remote_address) -> Blueprint:
    """``/sparql`` and ``/store`` over an endpoint."""
    blueprint = Blueprint("sparql", __name__)

    def query() -> flask.Response:
        return _reply(endpoint.handle, client)

    def graph() -> flask.Response:
        return _reply(lambda request: _graph(endpoint, request), client)

    for path, view in (("/sparql", query), ("/store", graph)):
        blueprint.add_url_rule(
            path, view_func=view, methods=METHODS, provide_automatic_options=False
        )
    blueprint.add_url_rule(
        "/sparql/",
        endpoint="query_slash",
        view_func=query,
        methods=METHODS,
        provide_automatic_options=False,
    )
    return blueprint


def _graph(endpoint: Endpoint, request: Request) -> Response:
    return graph_store.handle(request, endpoint.pool, endpoint.budget)


def _reply(handle: Callable[[Request], Response], client: Client) -> flask.Response:
    environ = flask.request.environ
    if length_of(environ) > BODY_LIMIT:
        too_long = QueryTooLong("The request is too large.", limit=("request bytes", BODY_LIMIT))
        answer = http.problem(too_long)
    else:
        answer = handle(request_of(environ, client(environ)))
    body = answer.read() if answer.length <= PIECE else iter(lambda: answer.body.read(PIECE), b"")
    response = flask.Response(body, status=answer.status, headers=answer.headers)
    response.call_on_close(answer.body.close)
    if answer.status not in (204, 304):
        response.content_length = answer.length
    return response
