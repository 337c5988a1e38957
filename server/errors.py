"""Turn what goes wrong into one record, and that record into JSON or a page.

    exception ──problem_of──▶ Problem ──▶ application/problem+json   (/api, /sparql, health)
                                     └──▶ error.html                 (everything else)

This is the only place that gives an exception a status. The JSON is that of RFC 9457.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kg.errors import (
    FindingsError,
    GenerationError,
    QueryError,
    StoreUnavailable,
    UnknownThing,
)

log = logging.getLogger(__name__)

MACHINE_PATHS = ("/api/", "/sparql", "/healthz", "/readyz")


class Problem(msgspec.Struct, frozen=True):
    """What went wrong, as a person and a program are told: what, why, and what to do."""

    status: int
    title: str
    detail: str = ""
    cure: str = ""
    code: str = "about:blank"

    def body(self) -> dict[str, Any]:
        """The members of an RFC 9457 problem."""
        detail = " ".join(part for part in (self.detail, self.cure) if part)
        return {"type": self.code, "title": self.title, "status": self.status, "detail": detail}


class Refused(Exception):
    """Raised by a view to answer with a given problem, and headers such as Retry-After."""

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        self.problem, self.headers = problem, headers or {}
        super().__init__(problem.title)


def bad_request(detail: str, cure: str = "") -> Refused:
    """A refusal of a request whose parameters cannot be used."""
    return Refused(Problem(400, "The request cannot be read.", detail, cure))


def not_found(thing: str) -> Refused:
    """A refusal because there is no such thing: ``not_found("document x")``."""
    return Refused(Problem(404, "There is nothing at this address.", f"No {thing} is loaded."))


_WORDS = {
    400: ("The request cannot be read.", "Check the address and try again."),
    404: ("There is nothing at this address.", "Check the address, or search for what you need."),
    405: ("This address does not take that kind of request.", "Read it with GET."),
    413: ("The request is too large.", "Send a smaller one."),
    414: ("The address is too long.", "Ask for less at a time."),
    500: (
        "Something went wrong on our side.",
        "Try again. If it keeps happening, tell whoever runs this service.",
    ),
}


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    title, cure = _WORDS.get(status, (HTTPStatus(status).phrase + ".", ""))
    return Problem(status, title, cure=cure)


def _of_findings(error: FindingsError) -> Problem:
    status = 503 if isinstance(error, GenerationError | StoreUnavailable) else 400
    if not isinstance(error, GenerationError | QueryError | StoreUnavailable):
        status = 422
    if isinstance(error, UnknownThing):
        status = 404
    return Problem(status, error.what, error.why, error.cure)


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is told as; what is unforeseen is a 500 without details."""
    if isinstance(error, Refused):
        return error.problem
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, FindingsError):
        return _of_findings(error)
    return Problem(500, *_WORDS[500])


def problem_response(problem: Problem) -> Response:
    """A problem as JSON or as a page, by who asks."""
    if request.path.startswith(MACHINE_PATHS):
        body = json.dumps(problem.body(), ensure_ascii=False)
        return Response(body, problem.status, content_type="application/problem+json")
    return Response(render_template("error.html", problem=problem), problem.status)


def _handle(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException) and (error.response or (error.code or 500) < 400):
        return error
    problem = problem_of(error)
    if problem.status == 500:
        log.error("unforeseen error at %s", request.path, exc_info=error)
    response = problem_response(problem)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    if isinstance(error, Refused):
        response.headers.update(error.headers)
    elif problem.status == 503:
        response.headers["Retry-After"] = "30"
    return response


def init_app(app: Flask) -> None:
    """Answer every exception of the application with a problem."""
    app.register_error_handler(Exception, _handle)
