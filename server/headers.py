"""Headers that every answer carries: what a browser may load, and for how long to keep it."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

DATA = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""For answers that are never a page: nothing may be loaded or run, whatever they are taken for.

What else a page says would tell nothing here, and the reading of it costs clients time.
"""

YEAR = "public, max-age=31536000, immutable"
OPEN_PATHS = (
    "/api/",
    "/id/",
    "/doc/",
    "/sparql",
    "/.well-known/",
    "/feeds/",
    "/dumps/",
    "/context/",
    "/ontology",
    "/scheme/",
    "/graph/",
)


def _add(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = YEAR
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    if request.path.startswith(OPEN_PATHS) and request.method in ("GET", "HEAD"):
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response


def init_app(app: Flask) -> None:
    """Add the headers to all answers; a view may set its own first."""
    app.after_request(_add)
