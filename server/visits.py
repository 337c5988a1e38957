"""The first visit to each page of a generation, paid by the service and not by a visitor.

Lists, counts and what is worked out of them are kept while a generation is served; the first
view of a page makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask


def addresses(app: Flask) -> Iterator[str]:
    """Every page that has an address of its own: what takes no variable and is no file."""
    for rule in app.url_map.iter_rules():
        named = rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
        if named and not rule.arguments and "." not in rule.rule:
            yield rule.rule


def visit(app: Flask, stopped: Callable[[], bool] = lambda: False) -> None:
    """View each once, unless ``stopped``. What goes wrong is told in the log, as for visitors."""
    for address in addresses(app):
        if stopped():
            return
        with app.test_request_context(address):
            app.full_dispatch_request().close()
