"""SPARQL 1.1 Protocol: a request in, a response out, no web framework.

A query comes by GET, by POST of a form, or by POST of the query itself; an update by POST, from
the operator alone. Without either, GET gives the service description, or the page for people.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from kg.errors import QueryError
from server.errors import Refused
from server.negotiate import Offer, choose
from server.sparql import formats, gate, http, service_description
from server.sparql.budget import QueryBudget
from server.sparql.cache import AnswerCache, CachedAnswer
from server.sparql.engine import Engine
from server.sparql.errors import (
    BadRequest,
    MethodNotAllowed,
    PoolUnavailable,
    QueryCancelled,
    QueryFailure,
    TooManyRequests,
    UnsupportedMediaType,
    UpdateForbidden,
)
from server.sparql.flights import Flights
from server.sparql.http import Request, Response
from server.sparql.query import Query, QueryResult
from server.sparql.updates import Update, Updater
from server.sparql.ways import IN_THREAD, Way, completed

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORM = "application/x-www-form-urlencoded"
_UTF8 = re.compile(r"charset\s*=\s*\"?(?!utf-?8\b)", re.IGNORECASE)
NOT_ITS_FAULT = (PoolUnavailable, QueryCancelled, TooManyRequests)
"""Failures that say nothing of what the client asks."""

SHORT = 2048
"""Characters of a query that is looked at on the way; longer ones take milliseconds."""

AT_ONCE = 64 * 1024
"""Bytes of an answer that are packed on the way."""

_HTML = Offer("text/html", ("application/xhtml+xml",))


@dataclass(frozen=True)
class PageContent:
    """What the page for people shows: the query, and its results as SPARQL JSON or Turtle."""

    query: str = ""
    result: bytes | None = None
    kind: str = ""
    error: QueryFailure | None = None


_Key = tuple[str, str, tuple[formats.Format | None, formats.Format | None]]
"""Generation, query, formats."""

Page = Callable[[PageContent], str]
Rewrite = Callable[[str], str]


class Endpoint:
    """The endpoint over a pool: gate, budget and cache in front of it.

    ``page`` renders the page for people; without one, browsers get what programs get.
    ``rewrite`` puts what it can answer itself, such as semantic search, into a query's text
    before the gate sees it. ``union`` makes the default graph all graphs together, where a
    query names none itself. ``updater`` runs the operator's updates; without it all are refused.
    """

    def __init__(
        self,
        pool: Engine,
        *,
        page: Page | None = None,
        allowed_services: frozenset[str] = frozenset(),
        rewrite: Rewrite = str,
        union: bool = True,
        updater: Updater | None = None,
    ) -> None:
        self.pool, self._page, self._services = pool, page, allowed_services
        self._union, self._rewrite, self._updater = union, rewrite, updater
        limits = pool.limits
        self.budget = QueryBudget(limits.milliseconds_per_minute, limits.errors_per_minute)
        self._flights = Flights(limits.following)
        self._cache = AnswerCache(pool.limits.cache_bytes)
        self._failures: Counter[str] = Counter()
        self._describe = service_description.Describer(pool, updates=updater is not None)

    def status(self) -> dict[str, Any]:
        """Queries running and waiting, failures by reason, and what the cache does."""
        held = self._cache
        cache = {"hits": held.hits, "misses": held.misses, "bytes": held.bytes}
        return {**self.pool.status(), "failures": dict(self._failures), "cache": cache}

    def handle(self, request: Request) -> Response:
        """The answer to a request; failures are problems, never exceptions."""
        return completed(self.respond(request, IN_THREAD))

    async def respond(self, request: Request, way: Way) -> Response:
        """The same, by either way."""
        try:
            response = await self._handle(request, way)
            if response.length <= AT_ONCE:
                return http.compress(response, request.accept_encoding)
            return await way.aside(lambda: http.compress(response, request.accept_encoding))
        except QueryFailure as error:
            self._failures[error.slug] += 1
            if not isinstance(error, NOT_ITS_FAULT):
                self.budget.fail(request.client)
            if self._wants_page(request):
                return self._page_response(PageContent(_asked_text(request), error=error))
            return http.problem(error)
        except Refused as error:
            self.budget.fail(request.client)
            return http.refused(error)

    async def _handle(self, request: Request, way: Way) -> Response:
        if request.method == "OPTIONS":
            return Response(204, {**http.CORS, **http.PREFLIGHT})
        if request.method not in {"GET", "HEAD", "POST"}:
            raise MethodNotAllowed(f"{request.method} is not for queries.", cure="Use GET or POST.")
        self.budget.check_errors(request.client)
        parameters = _Parameters(request)
        if parameters.is_update():
            return await way.aside(lambda: self._update(request, parameters))
        text = parameters.query()
        if text is None:
            return await way.aside(lambda: self._introduce(request, parameters))
        gated = await self._gated(text, request.client, way)
        query = parameters.as_query(gated, request, self._union)
        if self._wants_page(request):
            return await self._on_page(query, gated, request, way)
        return await self._answer(query, gated, request, way)

    async def _gated(self, text: str, client: str, way: Way) -> gate.Gated:
        """The query once its searches are answered, if it may be run."""
        if self._searches(text):
            asked = text
            text = await way.aside(lambda: self._rewritten(asked, client))
        sizes = self.pool.limits.gate
        if len(text) <= SHORT:
            return gate.check(text, sizes, self._services)
        return await way.aside(lambda: gate.check(text, sizes, self._services))

    def _update(self, request: Request, parameters: _Parameters) -> Response:
        if self._updater is None:
            raise UpdateForbidden(
                "Updates are not allowed here.",
                why="This service was started without an operator's token, so it is read-only.",
                cure="Whoever runs it can set FINDINGS_OPERATOR_TOKEN and start it again.",
            )
        self._updater.check(request)
        return self._updater.run(parameters.update(), request.url)

    def _searches(self, text: str) -> bool:
        """Whether there can be searches in a query."""
        return len(text) <= self.pool.limits.gate.bytes and "SERVICE" in text.upper()

    def _rewritten(self, text: str, client: str) -> str:
        """The query with its searches answered, at the client's cost."""
        self.budget.check(client)
        start = time.monotonic()
        try:
            return self._rewrite(text)
        except QueryError as error:
            raise BadRequest(error.what, why=error.why, cure=error.cure) from error
        finally:
            self.budget.spend(client, (time.monotonic() - start) * 1000)

    # --- answering a query -----------------------------------------------------------------

    async def _answer(
        self, query: Query, gated: gate.Gated, request: Request, way: Way
    ) -> Response:
        chosen = formats.for_form(query.form, query.accept, query.format)
        validator = http.etag(self.pool.generation, query.key, chosen) if gated.lasting else ""
        if validator and http.is_fresh(request.if_none_match, validator):
            return http.not_modified(validator)
        found = await self._find(query, gated, request, way)
        headers = {"Content-Type": found.format.content_type, **http.CORS}
        headers |= {"Cache-Control": "no-cache" if validator else "no-store"}
        if validator and found.generation == self.pool.generation:
            headers["ETag"] = validator
        return Response(200, headers, found.body, found.length)

    async def _find(
        self, query: Query, gated: gate.Gated, request: Request, way: Way
    ) -> QueryResult:
        """The answer from the cache, or from the pool at the client's cost."""
        chosen = formats.for_form(query.form, query.accept, query.format)
        key = (self.pool.generation, query.key, chosen)
        if not gated.lasting:
            return await self._run(query, request, way)
        held = self._cache.get(key)
        if held is not None:
            return _from_cache(held, self.pool.generation)
        return await self._shared(query, request, key, way)

    async def _shared(self, query: Query, request: Request, key: _Key, way: Way) -> QueryResult:
        """The answer of a run for all who ask this now; it goes into the cache."""
        while (flight := self._flights.lead((key, query.seconds))) is None:
            held = await way.follow(self._flights, (key, query.seconds), request.gone)
            if held is not None:
                return _from_cache(held, key[0])
        outcome: CachedAnswer | QueryFailure | None = None
        try:
            result = await self._run(query, request, way)
            if result.length > self._cache.largest:
                return result
            answer = CachedAnswer(result.kind, result.format, result.read(), result.rows)
            self._cache.put((result.generation, *key[1:]), answer)
            outcome = answer if result.generation == key[0] else None
            return _from_cache(answer, result.generation)
        except QueryFailure as failure:
            outcome = failure
            raise
        finally:
            self._flights.land((key, query.seconds), flight, outcome)

    async def _run(self, query: Query, request: Request, way: Way) -> QueryResult:
        self.budget.check(request.client)
        start = time.monotonic()
        try:
            return await way.query(self.pool, query, request.client, request.gone)
        finally:
            self.budget.spend(request.client, (time.monotonic() - start) * 1000)

    # --- without a query, and for people ---------------------------------------------------

    def _introduce(self, request: Request, parameters: _Parameters) -> Response:
        if request.method == "POST":
            raise BadRequest("There is no query.", cure="Send it as 'query'.")
        if self._wants_page(request):
            return self._page_response(PageContent())
        form = formats.for_graph(request.accept, parameters.format())
        validator = http.etag(self.pool.generation, request.url, form.name)
        if http.is_fresh(request.if_none_match, validator):
            return http.not_modified(validator)
        body = self._describe(request.url, form)
        return http.respond(200, form.content_type, body, ETag=validator, Cache_Control="no-cache")

    def shows_page(self, accept: str) -> bool:
        """Whether a client that accepts this is a browser, and there is a page for it."""
        return self._page is not None and _prefers_page(accept)

    def _wants_page(self, request: Request) -> bool:
        if not self.shows_page(request.accept) or request.method not in {"GET", "HEAD", "POST"}:
            return False
        return b"format=" not in request.query_string and b"format=" not in request.body

    async def _on_page(
        self, query: Query, gated: gate.Gated, request: Request, way: Way
    ) -> Response:
        graph = query.form in {"CONSTRUCT", "DESCRIBE"}
        named = Query(**{**query.__dict__, "format": "turtle" if graph else "json"})
        found = await self._find(named, gated, request, way)
        content = PageContent(query.text, found.read(), found.kind)
        return await way.aside(lambda: self._page_response(content))

    def _page_response(self, content: PageContent) -> Response:
        if self._page is None:
            raise TypeError("there is no page")
        status = content.error.status if content.error else 200
        body = self._page(content).encode()
        return http.respond(status, "text/html; charset=utf-8", body, Vary="Accept")


@lru_cache(maxsize=512)
def _prefers_page(accept: str) -> bool:
    offers = [Offer(one.media_type, one.also) for one in (*formats.RESULTS, *formats.GRAPHS)]
    return choose(accept, [*offers, _HTML]) == len(offers)


def _from_cache(held: CachedAnswer, generation: str) -> QueryResult:
    body, length = BytesIO(held.body), len(held.body)
    return QueryResult(held.kind, held.format, body, length, held.rows, 0.0, generation)


class _Parameters:
    """What a request says, by the names of the protocol."""

    def __init__(self, request: Request) -> None:
        self._request = request
        if request.method == "POST":
            _check_body_type(request)
        self._values: dict[str, list[str]] = {}
        for name, value in request.form():
            self._values.setdefault(name, []).append(value)

    def is_update(self) -> bool:
        """Whether the request asks for a change."""
        return "update" in self._values or self._request.media_type == _UPDATE

    def one(self, name: str) -> str | None:
        """The value of a parameter that may come once."""
        values = self._values.get(name, [])
        if len(values) > 1:
            raise BadRequest(f"'{name}' is given {len(values)} times.", cure="Give it once.")
        return values[0] if values else None

    def query(self) -> str | None:
        """The query's text, from the body or from 'query'."""
        return self._text("query", _DIRECT)

    def update(self) -> Update:
        """The update and its dataset; it comes by POST, and alone."""
        if self._request.method != "POST":
            raise BadRequest("An update comes by POST.", cure="Send it by POST.")
        if "query" in self._values:
            raise BadRequest("A query and an update are given.", cure="Send one of them.")
        text = self._text("update", _UPDATE) or ""
        using, named = self._graphs("using-graph-uri"), self._graphs("using-named-graph-uri")
        return Update(text, using or (), named or ())

    def _text(self, name: str, media_type: str) -> str | None:
        """What a parameter gives, or a body of its own media type."""
        text = self.one(name)
        if self._request.method != "POST" or self._request.media_type != media_type:
            return text
        if text is not None:
            raise BadRequest(f"The {name} is given in the body and in '{name}'.")
        try:
            return self._request.body.decode()
        except UnicodeDecodeError:
            raise BadRequest(f"The {name} is not UTF-8.") from None

    def format(self) -> str:
        """The first format named that there is; clients name one in several ways at once."""
        named = [value for value in self._values.get("format", []) if value]
        return next(filter(formats.known, named), named[0] if named else "")

    def as_query(self, gated: gate.Gated, request: Request, union: bool) -> Query:
        """Everything that determines the answer."""
        return Query(
            gated.text,
            accept=request.accept,
            format=self.format(),
            default_graphs=self._graphs("default-graph-uri"),
            named_graphs=self._graphs("named-graph-uri"),
            union=union and not gated.own_dataset,
            base=request.url,
            seconds=self._seconds(),
            form=gated.form,
            normal=gated.normal,
        )

    def _graphs(self, name: str) -> tuple[str, ...] | None:
        values = self._values.get(name)
        for value in values or ():
            if not _IRI.fullmatch(value):
                raise BadRequest(f"'{name}' is not an absolute IRI: {value[:100]}")
        return None if values is None else tuple(values)

    def _seconds(self) -> float | None:
        value = self.one("timeout")
        if value is None:
            return None
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value) or float(value) == 0:
            raise BadRequest("'timeout' is not a number of seconds.")
        return float(value)


def _check_body_type(request: Request) -> None:
    if request.media_type not in {_FORM, _DIRECT, _UPDATE}:
        raise UnsupportedMediaType(
            f"A query cannot be read from '{request.media_type or 'a body without a type'}'.",
            cure=f"Send {_FORM} or {_DIRECT}.",
        )
    if _UTF8.search(request.content_type):
        raise UnsupportedMediaType("The body is not UTF-8.", cure="Send UTF-8.")


def _asked_text(request: Request) -> str:
    try:
        return dict(request.form()).get("query", "")
    except BadRequest:
        return ""
