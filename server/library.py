"""The generation that is being served, opened once and exchanged when another is published.

A request keeps the generation that it began with: the old one is closed by the last
request that holds it.
"""

from __future__ import annotations

import os
import threading
from functools import cached_property
from pathlib import Path
from typing import Protocol

import structlog
from flask import Flask, current_app, g

from kg.embed import Embedder, open_embedder
from kg.errors import GenerationError
from kg.generations import open_generation
from search.opened import Opened

log = structlog.get_logger("findings")


class Library(Protocol):
    """Gives the generation to serve."""

    def current(self) -> Opened:
        """GenerationError when nothing can be served."""
        ...


class GenerationLibrary:
    """The published generation of a data directory; asked at each request whether it is new.

    ``model`` names the embedder, as :func:`kg.embed.open_embedder` takes it; the model is
    loaded once and serves every generation.
    """

    def __init__(self, home: Path, model: str) -> None:
        self._home, self._model = home, model
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._link: str | None = None

    def current(self) -> Opened:
        """The newest generation that can be opened; an older one stays until it is open."""
        link = self._published()
        opened = self._opened
        if opened is not None and (link == self._link or self._lock.locked()):
            return opened
        with self._lock:
            if self._opened is None or link != self._link:
                self._exchange(link)
            if self._opened is None:
                raise GenerationError("There is nothing to serve.")
            return self._opened

    @cached_property
    def _embedder(self) -> Embedder:
        return open_embedder(self._model)

    def _published(self) -> str | None:
        try:
            return os.readlink(self._home / "current")
        except OSError:
            return None

    def _exchange(self, link: str | None) -> None:
        try:
            opened = Opened(open_generation(self._home), lambda: self._embedder)
            _warm(opened)
        except GenerationError as error:
            if self._opened is None:
                raise
            log.error("new generation not taken up", published=link, why=str(error))
        else:
            self._opened = opened
            log.info("generation opened", generation=opened.name)
        self._link = link


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
        g.opened = library.current()
    found: Opened = g.opened
    return found
