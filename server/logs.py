"""Logs as lines of text or of JSON, each request with an id, none with what users typed.

A request's id comes from ``X-Request-ID``, where it looks like one, or is made; it is sent back
and stands in every line of the request. Searches and queries are told as a keyed hash, whose key
ends with the process, unless ``FINDINGS_LOG_QUERIES`` is true; addresses are cut to a network.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import re
import secrets
import sys
import time
import uuid
from collections.abc import Mapping
from typing import NamedTuple, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from server.library import OWN
from server.metrics import route_of
from server.settings import Settings

log = structlog.get_logger("findings.requests")

HEADER = "X-Request-ID"
UNTOLD = frozenset({"static", "health.alive", "health.ready", "metrics.metrics"})
"""Endpoints that programs ask again and again."""

TYPED = ("q", "query", "update")
"""Parameters that hold what a user typed."""

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_KEY = secrets.token_bytes(16)
_NETWORKS = {4: 24, 6: 48}


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs, the libraries' too, to standard error in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [structlog.dev.ConsoleRenderer(colors=False)]
    if settings.log_format == "json":
        last = [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("httpx", "httpcore", "bm25s", "faiss", "sentence_transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def request_id(given: str) -> str:
    """The id that the client gave, where it is safe to write down; else a fresh one."""
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def network(address: str) -> str:
    """An address without what tells one person from the neighbours.

    >>> network("203.0.113.77"), network("2001:db8:1:2::3")
    ('203.0.113.0', '2001:db8:1::')
    """
    try:
        held = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(held, "ipv4_mapped", None) or held
    whole = ipaddress.ip_network(f"{mapped}/{_NETWORKS[mapped.version]}", strict=False)
    return str(whole.network_address)


def hashed(text: str) -> str:
    """Equal for equal texts while the process runs, and nothing else."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), key=_KEY, digest_size=6).hexdigest()


def identified(given: str) -> str:
    """The id of a request that begins; it stands in every line until the next begins."""
    made = request_id(given)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=made)
    return made


class Answered(NamedTuple):
    """A request and how it was answered; ``typed`` are its parameters."""

    method: str
    route: str
    path: str
    status: int
    seconds: float
    client: str
    typed: Mapping[str, str]


def tell(answered: Answered, settings: Settings) -> None:
    """A line about a request, with what the user typed as it may be told."""
    given = ((name, answered.typed.get(name)) for name in TYPED)
    typed = {n: text if settings.log_queries else hashed(text) for n, text in given if text}
    log.info(
        "request",
        method=answered.method,
        route=answered.route,
        path=answered.path,
        status=answered.status,
        ms=round(answered.seconds * 1000, 1),
        client=network(answered.client),
        **typed,
    )


def init_app(app: Flask) -> None:
    """Give each request an id, and tell of it once it is answered."""
    settings: Settings = app.config["SETTINGS"]

    def begin() -> None:
        g.request_id = identified(request.headers.get(HEADER, ""))

    def end(response: Response) -> Response:
        response.headers[HEADER] = g.get("request_id", "")
        own = OWN in request.environ
        if settings.log_requests and not own and request.endpoint not in UNTOLD:
            began = g.get("began", time.monotonic())
            answered = Answered(
                request.method,
                route_of(),
                request.path,
                response.status_code,
                time.monotonic() - began,
                request.remote_addr or "",
                request.values,
            )
            tell(answered, settings)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request_funcs.setdefault(None, []).insert(0, end)
