"""The first visit to each page of a generation, paid by the service and not by a visitor.

Lists, counts and what is worked out of them are kept while a generation is served; the first
view of a page makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from urllib.parse import urlencode

from flask import Flask

from search.opened import Opened
from server.library import OPENED, OWN

QUESTIONS = (
    "Who was the Director of Children's Services in June 2019?",
    "What was the overall grade at the last inspection?",
)
"""The first questions make the vocabulary that all are read with: posts and days, grades."""


def addresses(app: Flask) -> Iterator[str]:
    """Every page that has an address of its own: what takes no variable and is no file."""
    for rule in app.url_map.iter_rules():
        named = rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
        if named and not rule.arguments and "." not in rule.rule:
            yield rule.rule


def visit(
    app: Flask, opened: Opened | None = None, stopped: Callable[[], bool] = lambda: False
) -> None:
    """View each page and ask, once, unless ``stopped``; of the generation that is served, or of
    one that is yet to be.

    What goes wrong is told in the log, as for visitors.
    """
    environ = {OWN: True, **({OPENED: opened} if opened else {})}
    asked = (f"/search?{urlencode({'q': question})}" for question in QUESTIONS)
    for address in chain(addresses(app), asked):
        if stopped():
            return
        with app.test_request_context(address, environ_overrides=environ):
            app.full_dispatch_request().close()
