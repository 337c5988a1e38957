"""Requests and responses as plain values, so that the protocol needs no web framework."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import msgspec

from server.errors import Refused
from server.negotiate import choose
from server.sparql.errors import BadRequest, QueryFailure, QuerySyntaxError

PROBLEMS = "urn:findings-graph:problem:"
GZIP_FROM = 1024
SPOOL = 1 << 20
MOST_PARAMETERS = 1000
FORM = "application/x-www-form-urlencoded"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, POST, OPTIONS",
}


class Request(msgspec.Struct, frozen=True):
    """One request: ``url`` is the endpoint's own address, without its query string."""

    method: str
    url: str
    query_string: bytes = b""
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    client: str = ""
    authorization: str = ""
    origin: str = ""
    host: str = ""
    gone: Callable[[], bool] | None = None

    def form(self) -> list[tuple[str, str]]:
        """Parameters of the address and, for a form, of the body; BadRequest if not UTF-8."""
        sources = [self.query_string]
        if self.method == "POST" and self.media_type == FORM:
            sources.append(self.body)
        return [pair for source in sources for pair in _pairs(source)]

    @property
    def media_type(self) -> str:
        """The body's media type without parameters."""
        return self.content_type.partition(";")[0].strip().lower()


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of a form, in order; ``parse_qsl`` takes three times as long."""
    if not encoded:
        return []
    if encoded.count(b"&") >= MOST_PARAMETERS:
        limit = ("parameters", MOST_PARAMETERS)
        raise BadRequest("There are too many parameters.", limit=limit)
    try:
        encoded.decode("ascii")
        fields = (part.partition(b"=") for part in encoded.replace(b"+", b" ").split(b"&") if part)
        return [(_plain(name), _plain(value)) for name, _, value in fields]
    except UnicodeDecodeError:
        raise BadRequest("The parameters are not UTF-8, percent-encoded.") from None


def _plain(encoded: bytes) -> str:
    return (unquote_to_bytes(encoded) if b"%" in encoded else encoded).decode()


@dataclass
class Response:
    """One answer; ``body`` is at its start and has ``length`` bytes."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: IO[bytes] = field(default_factory=BytesIO)
    length: int = 0

    def read(self) -> bytes:
        """The whole body, which is then closed."""
        with self.body:
            return self.body.read()


def respond(status: int, content_type: str, body: bytes, **headers: str) -> Response:
    """An answer held in memory."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"Content-Type": content_type, **CORS, **named}
    return Response(status, fields, BytesIO(body), len(body))


def problem(error: QueryFailure) -> Response:
    """A failure as application/problem+json (RFC 9457); it names the limit that was met."""
    response = respond(
        error.status,
        "application/problem+json",
        json.dumps(problem_record(error), ensure_ascii=False).encode(),
        Cache_Control="no-store",
    )
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 405:
        response.headers["Allow"] = PREFLIGHT["Allow"]
    return response


def refused(error: Refused) -> Response:
    """Who asks may not: the same as a problem."""
    body = json.dumps(error.problem.body(), ensure_ascii=False).encode()
    response = respond(
        error.problem.status, "application/problem+json", body, Cache_Control="no-store"
    )
    response.headers.update(error.headers)
    return response


def problem_record(error: QueryFailure) -> dict[str, Any]:
    """The members of the problem."""
    record: dict[str, Any] = {
        "type": PROBLEMS + error.slug,
        "title": error.what,
        "status": error.status,
        "detail": " ".join(part for part in (error.why, error.cure) if part),
    }
    if error.limit:
        record["limit"] = {"name": error.limit[0], "value": error.limit[1]}
    if isinstance(error, QuerySyntaxError):
        record |= {"line": error.line, "column": error.column}
    return record


def etag(*parts: str) -> str:
    """A weak validator over what determines an answer (weak, for gzip changes its bytes)."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace"))
    return f'W/"{digest.hexdigest()[:32]}"'


def is_fresh(if_none_match: str, validator: str) -> bool:
    """Whether the client's copy is still right."""
    if not if_none_match:
        return False
    held = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in held or validator.removeprefix("W/") in held


def not_modified(validator: str) -> Response:
    """The client's copy is still right."""
    return Response(304, {"ETag": validator, "Vary": "Accept, Accept-Encoding", **CORS})


def compress(response: Response, accept_encoding: str) -> Response:
    """The response in gzip where the client takes it and it pays."""
    response.headers.setdefault("Vary", "Accept, Accept-Encoding")
    if response.length < GZIP_FROM or not _takes_gzip(accept_encoding):
        return response
    in_memory = response.length <= SPOOL
    packed: IO[bytes] = BytesIO() if in_memory else tempfile.TemporaryFile()  # noqa: SIM115
    with response.body as plain, gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=3) as out:
        shutil.copyfileobj(plain, out)
    response.length = packed.tell()
    packed.seek(0)
    response.body = packed
    response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip(accept_encoding: str) -> bool:
    """Encodings are negotiated as media types are."""
    accept = ",".join(f"encoding/{one.strip()}" for one in accept_encoding.split(",") if one)
    return bool(accept) and choose(accept, ["encoding/gzip"]) is not None
