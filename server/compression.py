"""Answers in fewer bytes: packed for clients that take it, not sent again to those that have it.

A page's ETag is made of what it says, so it holds across builds that leave the page as it is
and fails with the first word that changes.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

TYPES = [
    "text/html",
    "text/css",
    "text/csv",
    "text/javascript",
    "text/turtle",
    "application/atom+xml",
    "application/json",
    "application/ld+json",
    "application/n-triples",
    "application/problem+json",
    "application/rdf+xml",
    "image/svg+xml",
]
"""What text compresses to a fifth or less; SPARQL results pack themselves."""


def _tag(response: Response) -> Response:
    is_page = response.mimetype == "text/html" and not response.is_streamed
    if is_page and response.status_code == 200 and request.method in ("GET", "HEAD"):
        response.add_etag()
        response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Add both to every answer. Called before what adds headers: Flask runs the last first."""
    app.config.update(
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
    )
    Compress(app)
    app.after_request(_tag)
