"""Rendered answers, kept while what they are made of is served, and made once for all who wait.

    loop: kept? ─yes─▶ answered at once
            │no
            └─▶ being made for another? wait for it : a thread makes it ─▶ keep

What pages and the API say is fixed by the generation, officers' decisions and the day, so the
key of an answer is these and all that a client can choose: address, query, host, and what it
accepts. What an application must not have kept it says by ``Cache-Control: no-store``.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple

from flask import Flask, Response, request
from werkzeug.http import parse_etags

from kg import corrections
from search.opened import Opened
from server import logs
from server.bridge import Answer, Aside, Quick, answered
from server.library import OPENED, OWN, GenerationLibrary
from server.metrics import route_of
from server.observing import Observer
from server.popular import Popular
from server.rebuilding import Rebuilder
from server.settings import Settings
from server.sparql.cache import AnswerCache

LARGEST = 1 << 20
LONGEST = 2_000
"""Characters of a request by which answers are kept."""

ELSEWHERE = ("/sparql", "/store", "/healthz", "/readyz", "/metrics", "/assets", "/dumps")
"""Beginnings of addresses that have their own ways, and wait for nothing here."""

BLUEPRINTS = ("pages", "entities", "api", "vocabulary")
AT_ONCE = (
    (("/api/v1/ask", "/pack"), 2),
    (("/search", "/similar", "/api/v1/search", "/api/v1/similar"), 2),
    (("/",), 6),
)
"""How many answers of a kind are made at a time, by beginnings of addresses. More would only share
the same processor, and each wait for all others, the short behind the long; and what costs most
never takes all threads."""

ROUTE = "findings.route"
"""Key of the environ: the route of an answer that may be kept."""

_ENTITY = frozenset({b"content-type", b"content-length", b"content-encoding"})
_ITS_OWN = logs.HEADER.lower().encode()
"""The header that each answer has of its own."""


class Asked(NamedTuple):
    """All of a request that its answer depends on."""

    path: str
    query: str
    accept: str
    encoding: str
    host: str
    scheme: str

    def environ(self, opened: Opened) -> dict[str, Any]:
        """The request again, to be answered from a generation."""
        name, _, port = self.host.partition(":")
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": name,
            "SERVER_PORT": port or "80",
            "REMOTE_ADDR": "",
            "HTTP_HOST": self.host,
            "HTTP_ACCEPT": self.accept,
            "HTTP_ACCEPT_ENCODING": self.encoding,
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            OWN: True,
            OPENED: opened,
        }


def asked_of(environ: dict[str, Any]) -> Asked | None:
    """What a request asks, or None for one whose answer is never kept."""
    get = environ.get
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_AUTHORIZATION" in environ:
        return None
    if "CONTENT_LENGTH" in environ or environ["PATH_INFO"].startswith(ELSEWHERE):
        return None
    found = Asked(
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        get("HTTP_ACCEPT", ""),
        get("HTTP_ACCEPT_ENCODING", ""),
        get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
    )
    whole = found.host and found.path.startswith("/")
    return found if whole and sum(map(len, found)) <= LONGEST else None


class KeptAnswer(NamedTuple):
    """An answer as it left the application, and the route that gave it."""

    route: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Kept:
    """The answers of an application, asked on the event loop before any thread is."""

    def __init__(self, app: Flask, library: GenerationLibrary) -> None:
        self._app, self._library = app, library
        self._settings: Settings = app.config["SETTINGS"]
        self._rebuilder: Rebuilder = app.extensions["rebuilder"]
        self._observer = Observer(app)
        self.answers = AnswerCache[KeptAnswer](self._settings.kept_mb << 20, LARGEST)
        self._flying: dict[Hashable, asyncio.Future[bool]] = {}
        self._popular = Popular[Asked]()
        self._rooms = [(begins, asyncio.Semaphore(most)) for begins, most in AT_ONCE]
        app.after_request(_mark)

    async def quick(self, environ: dict[str, Any], aside: Aside) -> Quick | Answer | None:
        """A kept answer, or one that is made and kept; None for what is another's to answer."""
        asked, opened = asked_of(environ), self._library.held
        if asked is None or opened is None or self._converses(asked):
            return None
        key, began = (self._version(opened), asked), time.monotonic()
        if not self.answers.keeps:
            return await self._anew(asked, environ, opened, aside)
        self._popular.asked(asked)
        found = self.answers.get(key) or await self._followed(key)
        if found is not None:
            return self._told(found, environ, time.monotonic() - began)
        return await self._led(key, asked, environ, opened, aside)

    async def _anew(
        self, asked: Asked, environ: dict[str, Any], opened: Opened, aside: Aside
    ) -> Answer:
        """An answer of its own, where nothing is kept; others still have their turn."""
        environ[OPENED] = opened
        async with self._room(asked.path):
            return await aside(lambda: answered(self._app.wsgi_app, environ))

    def _converses(self, asked: Asked) -> bool:
        """Whether a language model may word the answer: it waits long, and differs each time."""
        return bool(self._app.extensions["assistant"]) and asked.path in ("/search", "/api/v1/ask")

    async def _followed(self, key: Hashable) -> KeptAnswer | None:
        """What is being made for another; None where nobody makes it, or it cannot be kept."""
        flight = self._flying.get(key)
        if flight is None or not await asyncio.shield(flight):
            return None
        return self.answers.get(key)

    async def _led(
        self, key: Hashable, asked: Asked, environ: dict[str, Any], opened: Opened, aside: Aside
    ) -> Answer:
        """An answer that is made now; whoever asks the same meanwhile waits for it."""
        wanted = environ.pop("HTTP_IF_NONE_MATCH", "")
        environ[OPENED] = opened
        flight = asyncio.get_running_loop().create_future()
        leads = self._flying.setdefault(key, flight) is flight
        kept = False
        try:
            async with self._room(asked.path):
                answer = await aside(lambda: self._made(key, asked, environ))
            kept = ROUTE in environ
        finally:
            if leads:
                del self._flying[key]
            flight.set_result(kept)
        return _conditional(answer, wanted)

    def _room(self, path: str) -> asyncio.Semaphore:
        """Where those wait, in order, who ask for answers of this kind."""
        return next(room for begins, room in self._rooms if path.startswith(begins))

    def _made(self, key: Hashable, asked: Asked, environ: dict[str, Any]) -> Answer:
        """The application's answer, kept if it may be."""
        began = time.thread_time()
        answer = answered(self._app.wsgi_app, environ)
        route = environ.get(ROUTE)
        whole = answer.rest is None and len(answer.body) <= LARGEST
        if route is None or not whole or key != (self._version(environ[OPENED]), asked):
            environ.pop(ROUTE, None)
            return answer
        headers = tuple(field for field in answer.headers if field[0].lower() != _ITS_OWN)
        self.answers.put(key, KeptAnswer(route, headers, answer.body))
        self._popular.cost(asked, time.thread_time() - began)
        return answer

    def _version(self, opened: Opened) -> Hashable:
        """What answers are made of besides the request."""
        home = self._settings.data
        return (
            opened.name,
            corrections.changed(home),
            self._rebuilder.now(),
            date.today().toordinal(),
        )

    def _told(self, found: KeptAnswer, environ: dict[str, Any], seconds: float) -> Answer:
        answer = _conditional(
            Answer(HTTPStatus.OK, list(found.headers), found.body, None),
            environ.get("HTTP_IF_NONE_MATCH", ""),
        )
        more = self._observer.kept(environ, found.route, answer.status, seconds)
        fields = [(name.encode(), value.encode()) for name, value in more.items()]
        return answer._replace(headers=[*answer.headers, *fields])

    # --- a generation that is taken up ------------------------------------------------------

    def renew(
        self, fresh: Opened, stopped: Callable[[], bool], wait: Callable[[float], Any]
    ) -> int:
        """Make again, from a generation that is not served yet, what people asked most of the
        last one, dearest first; how many. Waits as long as it works, so that it never has more
        than half of one processor's time."""
        made = 0
        for asked in self._popular.worth():
            if stopped():
                break
            began = time.monotonic()
            self._made((self._version(fresh), asked), asked, asked.environ(fresh))
            made += 1
            wait(time.monotonic() - began)
        return made

    def only(self, opened: Opened) -> None:
        """Let go of answers from other generations, and of what was asked but rarely."""
        self.answers.keep(lambda key: key[0][0] == opened.name)
        self._popular.fade()


def _mark(response: Response) -> Response:
    """Tell whoever called the application that the answer may be kept."""
    control = response.headers.get("Cache-Control", "")
    if (
        response.status_code == HTTPStatus.OK
        and (request.endpoint or "").partition(".")[0] in BLUEPRINTS
        and not response.is_streamed
        and "no-store" not in control
    ):
        request.environ[ROUTE] = route_of()
    return response


def _conditional(answer: Answer, wanted: str) -> Answer:
    """The answer, or word that the client has it already."""
    if not wanted or answer.status != HTTPStatus.OK:
        return answer
    tag = _field(answer.headers, b"etag")
    if not tag or not parse_etags(wanted).contains_raw(tag):
        return answer
    if answer.rest is not None:
        answer.rest.close()
    headers = [field for field in answer.headers if field[0].lower() not in _ENTITY]
    return Answer(HTTPStatus.NOT_MODIFIED, headers, b"", None)


def _field(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode() for key, value in headers if key.lower() == name), "")
