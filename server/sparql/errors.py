"""Why a query was not answered, each with the HTTP status and the name of the problem it means.

Every class is a row: its status, its name in ``urn:findings-graph:problem:…``, its meaning.
"""

from __future__ import annotations

from typing import ClassVar, Self

from kg.errors import QueryError


class QueryFailure(QueryError):
    """Base: ``status`` and ``slug`` name the problem, ``limit`` the limit that was met."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "query-failure"

    def __init_subclass__(cls, *, status: int, slug: str) -> None:
        cls.status, cls.slug = status, slug

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

    def again(self) -> Self:
        """The same, to be raised elsewhere: an error keeps alive all that it was raised through."""
        made = type(self).__new__(type(self), *self.args)
        made.__dict__.update(self.__dict__)
        return made


# --- the text alone is enough to refuse it ---------------------------------------------------


class GateRefusal(QueryFailure, status=400, slug="query-refused"):
    """Base of these; itself: there is no query in the text."""


class QueryTooLong(GateRefusal, status=413, slug="query-too-long"):
    """The text has more bytes than a query may have."""


class QueryTooNested(GateRefusal, status=400, slug="query-too-complex"):
    """Brackets too deep, too many tokens, or too long a chain of one operator."""


class ServiceForbidden(GateRefusal, status=403, slug="service-forbidden"):
    """The query asks this service to call another."""


class UpdateForbidden(GateRefusal, status=403, slug="update-forbidden"):
    """The request would change what it may not."""


# --- the request breaks the protocol ---------------------------------------------------------


class BadRequest(QueryFailure, status=400, slug="bad-request"):
    """A parameter is missing, doubled or not what it should be."""


class MethodNotAllowed(QueryFailure, status=405, slug="method-not-allowed"):
    """Only GET, HEAD, POST and OPTIONS are understood."""


class UnsupportedMediaType(QueryFailure, status=415, slug="unsupported-media-type"):
    """The body is of a type that the protocol does not know."""


class NotAcceptable(QueryFailure, status=406, slug="not-acceptable"):
    """No format that the client accepts can be given."""


# --- the engine was asked --------------------------------------------------------------------


class QuerySyntaxError(QueryFailure, status=400, slug="syntax-error"):
    """The engine's parser refused the query; ``line`` and ``column`` count from 1."""

    def __init__(self, what: str, *, line: int, column: int, why: str = "") -> None:
        super().__init__(what, why=why, cure="Correct the query there and send it again.")
        self.line, self.column = line, column


class QueryRefused(QueryFailure, status=400, slug="query-not-evaluated"):
    """The query is well-formed, but the engine cannot evaluate it."""


class UnknownGraph(QueryFailure, status=404, slug="unknown-graph"):
    """There is no graph of that name."""


class UpdateFailed(QueryFailure, status=422, slug="update-failed"):
    """The update was run, but what came of it cannot be published."""


class ResultTooLarge(QueryFailure, status=422, slug="result-too-large"):
    """The result has more rows or bytes than one answer may have."""


class QueryDeadline(QueryFailure, status=504, slug="query-timeout"):
    """The query did not end in the time it had."""


class QueryCrash(QueryFailure, status=500, slug="query-too-complex"):
    """The query took more memory or stack than a query may take; its process is gone."""


class QueryCancelled(QueryFailure, status=499, slug="client-gone"):
    """The client went away before the query ended."""


class TooManyRequests(QueryFailure, status=429, slug="too-many-requests"):
    """The queue is full, or the client has spent its budget."""


class PoolUnavailable(QueryFailure, status=503, slug="engine-unavailable"):
    """No worker process can be started, or there is nothing to query."""
