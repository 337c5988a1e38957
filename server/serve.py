"""Serve until told to stop: uvicorn in front, SPARQL workers behind, new data taken up.

watcher ──each second──▶ is another generation current? ──▶ open, warm, exchange
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog
from flask import Flask

from kg.errors import FindingsError, GenerationError
from search.opened import Opened
from search.querying import searching
from search.service import rewritten
from server import logs
from server.app import create_app
from server.bridge import QUICK
from server.engines import engine
from server.library import GenerationLibrary, Library
from server.operator import Operator
from server.pages.sparql import render
from server.readiness import Readiness
from server.settings import Settings
from server.sparql.engine import Engine
from server.sparql.limits import QueryLimits
from server.sparql.process_tuning import settle, tune
from server.sparql.protocol import Endpoint
from server.sparql.updates import Updater
from server.web import WebServer

log = structlog.get_logger("findings")

SPARE_THREADS = 6
"""Threads that waiting queries never take, so that pages always answer."""

EVERY_SECONDS = 1.0
TAKE_UP_SECONDS = 60.0
WARM_SECONDS = 45.0
"""For making ahead what people ask most, before a new generation is taken up."""

END_SECONDS = 30.0
"""For what is being opened or viewed: a thread that is cut off inside an engine aborts the
process."""


class Warm(Protocol):
    """Gets a generation ready for visitors."""

    def __call__(self, opened: Opened, stopped: Callable[[], bool], /) -> None:
        """Until it is ready, or stopped."""
        ...


class Watcher(threading.Thread):
    """Takes up each generation as it is published, once it is as warm as the one before.

    ``warm`` is called once for each, the first included; ``taken`` once it is served.
    """

    def __init__(
        self,
        library: GenerationLibrary,
        pool: Engine,
        warm: Warm,
        taken: Callable[[Opened], None] = lambda _: None,
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self._library, self._pool, self._warm, self._taken = library, pool, warm, taken
        self._stopped, self._hurry = threading.Event(), threading.Event()
        self._looking = threading.Lock()
        library.watched()

    def run(self) -> None:
        """Look once a second until stopped."""
        first = self._library.held
        if first is not None:
            self._warm(first, self._stopped.is_set)
        while not self._stopped.wait(EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        """Exchange what is served, where another generation is current."""
        with self._looking:
            try:
                fresh = self._library.newer()
                if fresh is not None:
                    self._exchange(fresh)
                opened = self._library.current()
                if opened.name != self._pool.generation:
                    self._pool.switch(opened.generation.store, opened.name)
                    self._taken(opened)
            except FindingsError as error:
                log.error("new generation not taken up", why=str(error))

    def _exchange(self, fresh: Opened) -> None:
        """Warm it beside what is served; after that, where a store elsewhere has it alone."""
        until = time.monotonic() + WARM_SECONDS

        def enough() -> bool:
            hurried = self._stopped.is_set() or self._hurry.is_set()
            return hurried or time.monotonic() > until

        if not self._library.stores.remote:
            self._warm(fresh, enough)
        self._library.take_up(fresh)
        if self._library.stores.remote:
            self._warm(fresh, enough)

    def take_up(self, name: str) -> None:
        """Return once the generation of this name answers queries.

        :raises GenerationError: when it does not within a minute.
        """
        until = time.monotonic() + TAKE_UP_SECONDS
        self._hurry.set()
        try:
            self._wait_for(name, until)
        finally:
            self._hurry.clear()

    def _wait_for(self, name: str, until: float) -> None:
        while self._pool.generation != name:
            self.look()
            if self._stopped.wait(0.02) or time.monotonic() > until:
                raise GenerationError(
                    f"Generation {name} is published, but not served yet.",
                    cure="The log says why.",
                )

    def end(self) -> None:
        """Look no more; what is being opened or viewed is ended first."""
        self._stopped.set()
        if self.is_alive():
            self.join(END_SECONDS)


def limits(settings: Settings) -> QueryLimits:
    """Limits of visitors' queries that leave threads for everything else.

    One worker stays for other clients, whatever one client asks.
    """
    workers = settings.sparql_workers
    waiting = max(1, settings.threads - workers - SPARE_THREADS)
    return QueryLimits(
        seconds=settings.sparql_seconds,
        workers=workers,
        per_client=max(1, workers - 1),
        waiting=waiting,
        cache_bytes=(settings.kept_mb << 20) // 2,
    )


def searched(library: Library) -> Callable[[str], str]:
    """Puts the hits of semantic search into queries, from the generation that is served."""

    def rewrite(query: str) -> str:
        opened = library.current()
        return rewritten(query, opened.base, searching(opened))

    return rewrite


def taking_up(library: GenerationLibrary, watcher: Watcher) -> Callable[[str], None]:
    """Serves a generation that was just made, from the remote stores where there are any."""

    def take_up(name: str) -> None:
        library.stores.push()
        library.look_again()
        watcher.take_up(name)

    return take_up


@contextmanager
def service(settings: Settings) -> Iterator[Flask]:
    """The whole service, ready for a server; its workers end with the block.

    :raises GenerationError: when there is nothing to serve.
    """
    library = GenerationLibrary(settings.data, settings.model)
    library.load()
    settle()
    first = library.current()
    with engine(first, limits(settings)) as pool:
        ready = Readiness(library)
        watcher = Watcher(library, pool, ready.warm, ready.taken)
        try:
            operator = Operator(settings.operator_token)
            updater = Updater(settings.data, operator, taking_up(library, watcher), pool.limits)
            endpoint = Endpoint(
                pool,
                page=render,
                rewrite=searched(library),
                updater=updater if operator.open else None,
            )
            app = create_app(settings, library=library, endpoint=endpoint)
            ready.use(app, endpoint)
            watcher.start()
            yield app
        finally:
            watcher.end()
            library.stores.close()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; GenerationError when there is nothing to serve."""
    logs.configure(settings)
    tune()
    with service(settings) as app:
        server = WebServer(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            stop_seconds=settings.stop_seconds,
            quickly=app.extensions[QUICK],
        )
        app.extensions["stopping"] = server.begun
        server.install()
        print(
            f"Serving at http://{settings.host}:{server.port}/",
            file=sys.stderr,
            flush=True,
        )
        server.run()
