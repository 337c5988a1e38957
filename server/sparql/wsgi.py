"""Programs at ``/sparql`` are answered before the web framework sees the request.

Routing, contexts and hooks of a framework cost as much as a look-up does, and so does a thread
that waits for a worker; so small requests are answered on the event loop. What people see in a
browser is passed on, and so is anything that is not plainly a request for data.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from werkzeug.wsgi import FileWrapper

from server.bridge import GONE, Aside, Quick
from server.sparql.http import Request, Response
from server.sparql.protocol import Endpoint
from server.sparql.ways import IN_THREAD, OnLoop, Way, completed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_LIMIT = 256 * 1024
PIECE = 64 * 1024
QUICK_BYTES = 8 * 1024
"""Bytes of a request that is read on the event loop; longer ones take milliseconds."""

PATH = "/sparql"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
Client = Callable[["WSGIEnvironment"], str]
"""Who a client is to the budgets."""


def remote_address(environ: WSGIEnvironment) -> str:
    """The address that the connection comes from."""
    return str(environ.get("REMOTE_ADDR", ""))


def length_of(environ: WSGIEnvironment) -> int:
    """Bytes of the body, as the server counted them."""
    return int(environ.get("CONTENT_LENGTH") or 0)


def request_of(environ: WSGIEnvironment, client: str) -> Request:
    """The request as the endpoint takes it; reads the body."""
    get = environ.get
    host = get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    path = f"{get('SCRIPT_NAME', '')}{environ['PATH_INFO']}"
    length = length_of(environ)
    return Request(
        method=environ["REQUEST_METHOD"],
        url=f"{environ['wsgi.url_scheme']}://{host}{path}",
        query_string=get("QUERY_STRING", "").encode("latin-1"),
        content_type=get("CONTENT_TYPE", ""),
        body=environ["wsgi.input"].read(length) if length else b"",
        accept=get("HTTP_ACCEPT", ""),
        accept_encoding=get("HTTP_ACCEPT_ENCODING", ""),
        if_none_match=get("HTTP_IF_NONE_MATCH", ""),
        client=client,
        authorization=get("HTTP_AUTHORIZATION", ""),
        origin=get("HTTP_ORIGIN", ""),
        host=host,
        gone=get(GONE),
    )


class Observer(Protocol):
    """Who is told of the requests that are answered here."""

    def begin(self, environ: WSGIEnvironment) -> Mapping[str, str]:
        """A request comes; gives headers that its answer carries."""
        ...

    def end(self, request: Request, path: str, response: Response, seconds: float) -> None:
        """It is answered."""
        ...


class Unobserved:
    """Nobody is told."""

    def begin(self, environ: WSGIEnvironment) -> Mapping[str, str]:
        """No headers."""
        return {}

    def end(self, request: Request, path: str, response: Response, seconds: float) -> None:
        """Nothing."""


class Direct:
    """A WSGI application in front of another one."""

    def __init__(
        self,
        app: WSGIApplication,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        client: Client = remote_address,
        observer: Observer | None = None,
    ) -> None:
        self._app, self._endpoint, self._client = app, endpoint, client
        self._observer = observer or Unobserved()
        self._headers = list(headers.items())

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer, or pass on."""
        if not self._takes(environ):
            return self._app(environ, start)
        status, headers, body = completed(self._answer(environ, IN_THREAD))
        start(STATUS.get(status, f"{status} Unknown"), headers)
        return body

    async def quick(self, environ: WSGIEnvironment, aside: Aside) -> Quick | None:
        """Answer on the event loop; None for what is large, or not for programs."""
        if not self._takes(environ):
            return None
        if len(environ["QUERY_STRING"]) + length_of(environ) > QUICK_BYTES:
            return None
        return await self._answer(environ, OnLoop(aside))

    async def _answer(self, environ: WSGIEnvironment, way: Way) -> Quick:
        began = time.monotonic()
        more = self._observer.begin(environ)
        request = request_of(environ, self._client(environ))
        response = await self._endpoint.respond(request, way)
        self._observer.end(request, PATH, response, time.monotonic() - began)
        headers = [*response.headers.items(), *more.items(), *self._headers]
        if response.status not in (204, 304):
            headers.append(("Content-Length", str(response.length)))
        if environ["REQUEST_METHOD"] == "HEAD":
            response.body.close()
            return Quick(response.status, headers, [])
        return Quick(response.status, headers, _body(response))

    def _takes(self, environ: WSGIEnvironment) -> bool:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] not in METHODS:
            return False
        if length_of(environ) > BODY_LIMIT:
            return False
        return not self._endpoint.shows_page(environ.get("HTTP_ACCEPT", ""))


def _body(response: Response) -> Iterable[bytes]:
    if response.length <= PIECE:
        return [response.read()]
    return FileWrapper(response.body, PIECE)
