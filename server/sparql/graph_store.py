"""SPARQL 1.1 Graph Store HTTP Protocol, reading: ``?graph=IRI`` or ``?default``."""

from __future__ import annotations

from server.sparql import formats, http
from server.sparql.budget import QueryBudget
from server.sparql.engine import Engine
from server.sparql.errors import BadRequest, MethodNotAllowed, QueryFailure, UpdateForbidden
from server.sparql.http import Request, Response

WRITES = {"PUT", "POST", "DELETE", "PATCH"}


def handle(request: Request, pool: Engine, budget: QueryBudget) -> Response:
    """The triples of a graph, or a problem."""
    try:
        return http.compress(_handle(request, pool, budget), request.accept_encoding)
    except QueryFailure as error:
        return http.problem(error)


def _handle(request: Request, pool: Engine, budget: QueryBudget) -> Response:
    if request.method == "OPTIONS":
        allow = {"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD"}
        return Response(204, {**http.CORS, **http.PREFLIGHT, **allow})
    if request.method in WRITES:
        raise UpdateForbidden("Graphs cannot be changed here.", why="This service is read-only.")
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(f"{request.method} is not for graphs.", cure="Use GET or HEAD.")
    name, named_format = _target(request)
    chosen = formats.for_graph(request.accept, named_format)
    validator = http.etag(pool.generation, name, chosen.name)
    if http.is_fresh(request.if_none_match, validator):
        return http.not_modified(validator)
    budget.check(request.client)
    found = pool.graph(name, chosen, client=request.client)
    budget.spend(request.client, found.milliseconds)
    headers = {"Content-Type": chosen.content_type, "ETag": validator, **http.CORS}
    return Response(200, {**headers, "Cache-Control": "no-cache"}, found.body, found.length)


def _target(request: Request) -> tuple[str, str]:
    """Name of the graph ("" for the default graph) and the format that is named."""
    values = dict(request.form())
    names = [value for name, value in request.form() if name == "graph"]
    if len(names) + ("default" in values) != 1 or names == [""]:
        raise BadRequest("Name one graph.", cure="Use ?graph=IRI or ?default.")
    return (names[0] if names else ""), values.get("format", "")
