"""SPARQL 1.1 Protocol: a request in, a response out, no web framework.

A query comes by GET, by POST of a form, or by POST of the query itself; an update by POST, from
the operator alone. Without either, GET gives the service description, or the page for people.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import structs

from kg.errors import QueryError
from server.errors import Refused
from server.negotiate import Offer, choose
from server.sparql import formats, gate, http, service_description
from server.sparql.answers import Answers
from server.sparql.budget import QueryBudget
from server.sparql.engine import Engine
from server.sparql.errors import (
    BadRequest,
    MethodNotAllowed,
    PoolUnavailable,
    QueryCancelled,
    QueryFailure,
    TooManyRequests,
    UpdateForbidden,
)
from server.sparql.formats import Format
from server.sparql.http import Request, Response
from server.sparql.parameters import Parameters
from server.sparql.query import Query
from server.sparql.updates import Updater
from server.sparql.ways import IN_THREAD, Way, completed

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
        self._answers = Answers(pool, self.budget)
        self._failures: Counter[str] = Counter()
        self._describe = service_description.Describer(pool, updates=updater is not None)

    def status(self) -> dict[str, Any]:
        """Queries running and waiting, failures by reason, and what the cache does."""
        cache = self._answers.status()
        return {**self.pool.status(), "failures": dict(self._failures), "cache": cache}

    def renew(self, store: Path, generation: str, stopped: Callable[[], bool]) -> int:
        """Answer ahead from a generation that is not served yet; how many queries."""
        return self._answers.renew(store, generation, stopped)

    def only(self, generation: str) -> None:
        """Let go of what is kept of other generations than this one."""
        self._answers.only(generation)

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
        parameters = Parameters(request)
        if parameters.is_update():
            return await way.aside(lambda: self._update(request, parameters))
        text = parameters.query()
        if text is None:
            return await way.aside(lambda: self._introduce(request, parameters))
        gated = await self._gated(text, request.client, way)
        query = parameters.as_query(gated, union=self._union)
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

    def _update(self, request: Request, parameters: Parameters) -> Response:
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
        validator = self._validator(query, chosen) if gated.lasting else ""
        if validator and http.is_fresh(request.if_none_match, validator):
            return http.not_modified(validator)
        found = await self._answers.find(query, chosen, request, way, lasting=gated.lasting)
        headers = {"Content-Type": found.format.content_type, **http.CORS}
        headers["Cache-Control"] = "no-cache" if validator else "no-store"
        if validator and found.generation == self.pool.generation:
            headers["ETag"] = validator
        return Response(200, headers, found.body, found.length)

    def _validator(self, query: Query, chosen: tuple[Format | None, Format | None]) -> str:
        solutions, graph = (form.name if form else "" for form in chosen)
        return http.etag(self.pool.generation, query.key, solutions, graph)

    # --- without a query, and for people ---------------------------------------------------

    def _introduce(self, request: Request, parameters: Parameters) -> Response:
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
        named = structs.replace(query, format="turtle" if graph else "json")
        chosen = formats.for_form(named.form, named.accept, named.format)
        found = await self._answers.find(named, chosen, request, way, lasting=gated.lasting)
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


def _asked_text(request: Request) -> str:
    try:
        return dict(request.form()).get("query", "")
    except BadRequest:
        return ""
