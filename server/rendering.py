"""What every template may use: GOV.UK macros, asset addresses, navigation, words."""

from __future__ import annotations

import json
import logging
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Flask, request, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from server import searching, words
from server.addresses import reader_address, thing_address, thing_page
from server.library import opened
from server.sources import place_name, source_name

log = logging.getLogger(__name__)

SERVICE_NAME = "Findings Graph"

NAVIGATION = (
    ("pages.council", "Your council"),
    ("pages.repeated", "Repeated findings"),
    ("pages.search", "Search"),
    ("pages.documents", "Documents"),
    ("pages.inspections", "Inspections"),
    ("pages.commitments", "Commitments"),
    ("pages.posts", "Posts"),
    ("pages.browse", "Browse"),
)

FOOTER = (
    ("pages.about", "About"),
    ("pages.quality", "How good the reading is"),
    ("pages.help_page", "Help"),
    ("pages.changes", "What changed"),
    ("pages.data", "Data and API"),
    ("sparql.query", "SPARQL queries"),
    ("pages.accessibility", "Accessibility statement"),
    ("pages.privacy", "Privacy notice"),
    ("pages.licence", "Licence and attribution"),
)


@cache
def _assets() -> dict[str, str]:
    """Names of the built assets; none when they were not built, and pages go unstyled."""
    manifest = files("server") / "static" / "dist" / "assets.json"
    if not manifest.is_file():
        log.warning("The style sheet is not built: run 'python -m server.assets.build'.")
        return {}
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return names


def asset(name: str) -> str | None:
    """Address of a built asset, or None when it was not built."""
    hashed = _assets().get(name)
    return url_for("static", filename=hashed) if hashed else None


def label(field: str, value: str) -> str:
    """The words that people read for the slug of an authority, kind, theme and so on."""
    return searching.label(opened(), field, value)


def _links(app: Flask, entries: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """Links to those pages that this application has, the current one marked."""
    return [
        {"href": url_for(endpoint), "text": text, "active": request.endpoint == endpoint}
        for endpoint, text in entries
        if endpoint in app.view_functions
    ]


def init_app(app: Flask) -> None:
    """Give the application's templates their loaders, globals and filters."""
    app.jinja_env.loader = ChoiceLoader(
        [
            PackageLoader("server"),
            PrefixLoader(
                {
                    "govuk": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        service_name=SERVICE_NAME,
        asset=asset,
        label=label,
        reader_address=reader_address,
        place_name=place_name,
        source_name=source_name,
        thing_address=thing_address,
        thing_page=thing_page,
        navigation=lambda: _links(app, NAVIGATION),
        footer_links=lambda: _links(app, FOOTER),
    )
    app.jinja_env.filters.update(
        dates=words.date_words,
        plain=words.plain,
        readable=words.readable,
        number=words.number_words,
        amount=words.amount,
        capital=words.capital,
        certainty=words.certainty,
        said_words=words.said_words,
        counted=words.count_words,
    )
