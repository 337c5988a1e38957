"""The endpoint and the graph store as a Flask blueprint."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import flask
from flask import Blueprint

from server.sparql import graph_store, http
from server.sparql.errors import PoolUnavailable, QueryTooLong
from server.sparql.http import Request, Response
from server.sparql.protocol import Endpoint

BODY_LIMIT = 256 * 1024
PIECE = 64 * 1024
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
Client = Callable[[], str]


def remote_address() -> str:
    """Who a client is to the budgets: the address that the connection comes from."""
    return flask.request.remote_addr or ""


def sparql_blueprint(
    endpoint: Callable[[], Endpoint | None], *, client: Client = remote_address
) -> Blueprint:
    """``/sparql`` and ``/store`` over the endpoint that the function gives at each request.

    It gives None while there is no generation to serve; the answer is then 503.
    """
    blueprint = Blueprint("sparql", __name__)

    def query() -> flask.Response:
        return _reply(lambda request: _found(endpoint).handle(request), client)

    def graph() -> flask.Response:
        return _reply(lambda request: _graph(_found(endpoint), request), client)

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


def _found(endpoint: Callable[[], Endpoint | None]) -> Endpoint:
    found = endpoint()
    if found is None:
        raise PoolUnavailable("There is no data to query yet.", retry_after=30)
    return found


def _reply(handle: Callable[[Request], Response], client: Client) -> flask.Response:
    try:
        answer = handle(_request(client()))
    except (PoolUnavailable, QueryTooLong) as error:
        answer = http.problem(error)
    body = answer.read() if answer.length <= PIECE else iter(lambda: answer.body.read(PIECE), b"")
    response = flask.Response(body, status=answer.status, headers=answer.headers)
    response.call_on_close(answer.body.close)
    if answer.status not in (204, 304):
        response.content_length = answer.length
    return response


def _request(client: str) -> Request:
    asked = flask.request
    if (asked.content_length or 0) > BODY_LIMIT:
        raise QueryTooLong("The request is too large.", limit=("request bytes", BODY_LIMIT))
    return Request(
        method=asked.method,
        url=asked.base_url,
        query_string=asked.query_string,
        content_type=asked.content_type or "",
        body=asked.get_data(cache=False),
        accept=", ".join(asked.headers.getlist("Accept")),
        accept_encoding=asked.headers.get("Accept-Encoding", ""),
        if_none_match=asked.headers.get("If-None-Match", ""),
        client=client,
        authorization=asked.headers.get("Authorization", ""),
        origin=asked.headers.get("Origin", ""),
        host=asked.host,
        gone=cast("Callable[[], bool] | None", asked.environ.get("waitress.client_disconnected")),
    )
