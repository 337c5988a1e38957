"""Why a query was not answered, each with the HTTP status it means.

QueryError                    (kg.errors)
└── QueryFailure
    ├── GateRefusal           the text alone is enough to refuse it
    │   ├── QueryTooLong      413
    │   ├── QueryTooNested    400  depth, tokens, or the length of a chain
    │   ├── ServiceForbidden  403
    │   └── UpdateForbidden   403
    ├── BadRequest            400  the request breaks the protocol (or 405, 415)
    ├── NotAcceptable         406
    ├── QuerySyntaxError      400  with line and column
    ├── QueryRefused          400  the engine cannot evaluate it
    ├── UnknownGraph          404
    ├── ResultTooLarge        422  rows or bytes
    ├── QueryDeadline         504
    ├── QueryCrash            500  it took more memory or stack than a query may
    ├── QueryCancelled        499  the client went away
    ├── TooManyRequests       429  queue full, or the client's budget is spent
    └── PoolUnavailable       503
"""

from __future__ import annotations

from typing import ClassVar

from kg.errors import QueryError


class QueryFailure(QueryError):
    """Base: ``status`` and ``slug`` name the problem, ``limit`` the limit that was met."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "query-failure"

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        cure: str = "",
        limit: tuple[str, float] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(what, why=why, cure=cure)
        self.limit, self.retry_after = limit, retry_after


class GateRefusal(QueryFailure):
    """The text alone is enough to refuse the query."""

    slug = "query-refused"


class QueryTooLong(GateRefusal):
    """The text has more bytes than a query may have."""

    status, slug = 413, "query-too-long"


class QueryTooNested(GateRefusal):
    """Brackets too deep, too many tokens, or too long a chain of one operator."""

    slug = "query-too-complex"


class ServiceForbidden(GateRefusal):
    """The query asks this service to call another."""

    status, slug = 403, "service-forbidden"


class UpdateForbidden(GateRefusal):
    """The request would change the data."""

    status, slug = 403, "update-forbidden"


class BadRequest(QueryFailure):
    """The request breaks the protocol."""

    slug = "bad-request"


class MethodNotAllowed(QueryFailure):
    """Only GET, HEAD, POST and OPTIONS are understood."""

    status, slug = 405, "method-not-allowed"


class UnsupportedMediaType(QueryFailure):
    """The body is of a type that the protocol does not know."""

    status, slug = 415, "unsupported-media-type"


class NotAcceptable(QueryFailure):
    """No format that the client accepts can be given."""

    status, slug = 406, "not-acceptable"


class QuerySyntaxError(QueryFailure):
    """The engine's parser refused the query; ``line`` and ``column`` count from 1."""

    slug = "syntax-error"

    def __init__(self, what: str, *, line: int, column: int, why: str = "") -> None:
        super().__init__(what, why=why, cure="Correct the query there and send it again.")
        self.line, self.column = line, column


class QueryRefused(QueryFailure):
    """The query is well-formed, but the engine cannot evaluate it."""

    slug = "query-not-evaluated"


class UnknownGraph(QueryFailure):
    """There is no graph of that name."""

    status, slug = 404, "unknown-graph"


class ResultTooLarge(QueryFailure):
    """The result has more rows or bytes than one answer may have."""

    status, slug = 422, "result-too-large"


class QueryDeadline(QueryFailure):
    """The query did not end in the time it had."""

    status, slug = 504, "query-timeout"


class QueryCrash(QueryFailure):
    """The query took more memory or stack than a query may take; its process is gone."""

    status, slug = 500, "query-too-complex"


class QueryCancelled(QueryFailure):
    """The client went away before the query ended."""

    status, slug = 499, "client-gone"


class TooManyRequests(QueryFailure):
    """The queue is full, or the client has spent its budget."""

    status, slug = 429, "too-many-requests"


class PoolUnavailable(QueryFailure):
    """No worker process can be started."""

    status, slug = 503, "engine-unavailable"
