"""The generation that is being served, opened once and exchanged when another is published.

    newer() ─▶ opened beside the old one ─▶ whoever watches warms it ─▶ take_up()

A request keeps the generation that it began with: the old one is closed by the last
request that holds it.
"""

from __future__ import annotations

import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Protocol

import structlog
from flask import Flask, current_app, g, request

from kg.embed import Embedder, open_embedder
from kg.errors import FindingsError, GenerationError, StoreUnavailable
from search.opened import Opened
from search.stores import Stores

log = structlog.get_logger("findings")

OPENED = "findings.opened"
"""Key of the environ: the generation that a request is answered from, where that is settled."""

OWN = "findings.own"
"""Key of the environ of a request that the service asks of itself: neither told nor counted."""


class Library(Protocol):
    """Gives the generation to serve."""

    def current(self) -> Opened:
        """GenerationError when nothing can be served."""
        ...


class _Asked:
    """What is published, asked at each request; of a remote store once a second at most.

    A store that does not say leaves the last answer standing.
    """

    SECONDS = 1.0

    def __init__(self, stores: Stores) -> None:
        self._stores, self._lock = stores, threading.Lock()
        self._last: str | None = None
        self._lost = False
        self._until = 0.0

    def published(self) -> str | None:
        """What tells the published generation from others; None before any."""
        if not self._stores.remote:
            return self._stores.published()
        if time.monotonic() >= self._until and self._lock.acquire(blocking=self._last is None):
            try:
                self._ask()
            finally:
                self._lock.release()
        return self._last

    def again(self) -> None:
        """Forget the last answer."""
        self._until = 0.0

    def _ask(self) -> None:
        try:
            self._last, self._lost = self._stores.published(), False
        except FindingsError as error:
            if not self._lost:
                log.warning("the store does not say what is published", why=str(error))
            self._lost = True
        self._until = time.monotonic() + self.SECONDS


class GenerationLibrary:
    """The published generation of a data directory.

    Asked at each request whether it is new; once somebody watches, that one takes it up, and no
    request waits for it.

    ``model`` names the embedder, as :func:`kg.embed.open_embedder` takes it; the model is
    loaded once and serves every generation.
    """

    def __init__(self, home: Path, model: str, stores: Stores | None = None) -> None:
        self._model, self.stores = model, stores or Stores(home)
        self._asked = _Asked(self.stores)
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._link: str | None = None
        self._watched = False

    @property
    def held(self) -> Opened | None:
        """What is served now, without asking whether there is another."""
        return self._opened

    def current(self) -> Opened:
        """The newest generation that can be opened; an older one stays until it is open."""
        opened = self._opened
        if opened is not None and (self._watched or self._lock.locked()):
            return opened
        link = self._asked.published()
        if opened is not None and link == self._link:
            return opened
        with self._lock:
            if self._opened is None or link != self._link:
                self._opened = self._open(link) or self._opened
            if self._opened is None:
                raise GenerationError("There is nothing to serve.")
            return self._opened

    def watched(self) -> None:
        """From now on whoever calls takes up what is newer."""
        self._watched = True

    def newer(self) -> Opened | None:
        """Another generation than is served, opened, where one is published and can be."""
        link = self._asked.published()
        with self._lock:
            return self._open(link) if link != self._link else None

    def take_up(self, fresh: Opened) -> None:
        """Serve it from now on."""
        self._opened = fresh
        log.info("generation taken up", generation=fresh.name)

    def load(self) -> None:
        """Load the model now."""
        _ = self._embedder

    def look_again(self) -> None:
        """Ask a remote store at the next request, though it was asked just now."""
        self._asked.again()

    @cached_property
    def _embedder(self) -> Embedder:
        return open_embedder(self._model)

    def _open(self, link: str | None) -> Opened | None:
        began = time.monotonic()
        try:
            opened = Opened(self.stores.generation(), lambda: self._embedder, self.stores)
            _warm(opened)
        except (GenerationError, StoreUnavailable) as error:
            if self._opened is None:
                raise
            log.error("new generation not taken up", published=link, why=str(error))
            if isinstance(error, StoreUnavailable):
                return None  # it is tried again: the store may be back the next time
            self._link = link
            return None
        opened.open_seconds = time.monotonic() - began
        log.info("generation opened", generation=opened.name, seconds=round(opened.open_seconds, 2))
        self._link = link
        return opened


def _warm(opened: Opened) -> None:
    """Load what the first visitor would otherwise wait for."""
    _ = opened.searcher, opened.labels, opened.facts.documents
    opened.facts.count("findings")


def use(app: Flask, library: Library) -> None:
    """Let the views of an application read from a library."""
    app.extensions["library"] = library


def opened() -> Opened:
    """The generation that answers this request."""
    if "opened" not in g:
        library: Library = current_app.extensions["library"]
        g.opened = request.environ.get(OPENED) or library.current()
    found: Opened = g.opened
    return found
