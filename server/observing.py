"""What logs and metrics tell of requests that are answered before the framework sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Flask

from server import logs
from server.metrics import Metrics
from server.settings import Settings
from server.sparql.errors import BadRequest
from server.sparql.http import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_GIVEN = "HTTP_" + logs.HEADER.upper().replace("-", "_")


class Observer:
    """Counts, tells and numbers requests, as the hooks of the application do for all others."""

    def __init__(self, app: Flask) -> None:
        self._settings: Settings = app.config["SETTINGS"]
        self._metrics: Metrics = app.extensions["metrics"]

    def begin(self, environ: WSGIEnvironment) -> dict[str, str]:
        """Headers that the answer carries."""
        return {logs.HEADER: logs.identified(environ.get(_GIVEN, ""))}

    def end(self, request: Request, path: str, response: Response, seconds: float) -> None:
        """The request is answered."""
        self._metrics.count(path, request.method, response.status, seconds)
        if self._settings.log_requests:
            told = logs.Answered(
                request.method,
                path,
                path,
                response.status,
                seconds,
                request.client,
                _typed(request),
            )
            logs.tell(told, self._settings)

    def kept(
        self, environ: WSGIEnvironment, route: str, status: int, seconds: float
    ) -> dict[str, str]:
        """A request was answered from what is kept; headers that its answer carries."""
        more = self.begin(environ)
        self._metrics.count(route, environ["REQUEST_METHOD"], status, seconds)
        if self._settings.log_requests:
            typed = dict(parse_qsl(environ["QUERY_STRING"], errors="replace"))
            path, client = environ["PATH_INFO"], str(environ.get("REMOTE_ADDR", ""))
            method = environ["REQUEST_METHOD"]
            told = logs.Answered(method, route, path, status, seconds, client, typed)
            logs.tell(told, self._settings)
        return more


def _typed(request: Request) -> dict[str, str]:
    try:
        return dict(request.form())
    except BadRequest:
        return {}
