"""What makes a generation as ready for visitors as the one that it follows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from flask import Flask

from search.opened import Opened
from server.bridge import QUICK, Answer, Aside, Quick, Quickly
from server.kept import Kept
from server.library import GenerationLibrary
from server.sparql.process_tuning import give_back
from server.sparql.protocol import Endpoint
from server.visits import visit

log = structlog.get_logger("findings")


class Readiness:
    """Warms generations for one application, and lets go of those that are no longer served."""

    def __init__(self, library: GenerationLibrary) -> None:
        self._library = library
        self._app: Flask | None = None
        self._kept: Kept | None = None
        self._endpoint: Endpoint | None = None

    def use(self, app: Flask, endpoint: Endpoint | None = None) -> None:
        """Answer this application from what is kept, where nothing else can change it; its
        endpoint for queries answers ahead too."""
        self._app, self._endpoint = app, endpoint
        if not self._library.stores.remote:
            self._kept = Kept(app, self._library)
            app.extensions[QUICK] = _first_of(app.extensions[QUICK], self._kept.quick)

    def warm(self, opened: Opened, stopped: Callable[[], bool]) -> None:
        """View every page, then make ahead what was asked most of the generation before."""
        if self._app is None:
            return
        began, made, queries = time.monotonic(), 0, 0
        visit(self._app, opened, stopped)
        if self._endpoint is not None and not stopped():
            queries = self._endpoint.renew(opened.generation.store, opened.name, stopped)
        if self._kept is not None:
            made = self._kept.renew(opened, stopped, threading.Event().wait)
        seconds = round(time.monotonic() - began, 1)
        log.info(
            "generation warmed",
            generation=opened.name,
            seconds=seconds,
            answers=made,
            queries=queries,
        )

    def taken(self, opened: Opened) -> None:
        """Let go of what was made of other generations than this one."""
        if self._kept is not None:
            self._kept.only(opened)
        if self._endpoint is not None:
            self._endpoint.only(opened.name)
        give_back()


def _first_of(*ways: Quickly) -> Quickly:
    """The first of several that answers."""

    async def quick(environ: dict[str, object], aside: Aside) -> Quick | Answer | None:
        for way in ways:
            answer = await way(environ, aside)
            if answer is not None:
                return answer
        return None

    return quick
