"""What logs and metrics tell of requests that are answered before the framework sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def _typed(request: Request) -> dict[str, str]:
    try:
        return dict(request.form())
    except BadRequest:
        return {}
