"""Pages of prose: about, help, statements, and where the data can be had."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from search.export import NAMES
from server.library import opened
from server.pages import blueprint
from server.settings import Settings


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """What the service is, how it is made, what it cannot do."""
    return render_template("text/about.html", contact=_settings().contact)


@blueprint.get("/help")
def help_page() -> ResponseReturnValue:
    """How to search, read, cite and take data away."""
    return render_template("text/help.html", contact=_settings().contact)


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("text/accessibility.html", contact=_settings().contact)


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is held about visitors and about people in the documents."""
    return render_template("text/privacy.html", contact=_settings().contact)


@blueprint.get("/licence")
def licence() -> ResponseReturnValue:
    """Whose the documents are, and on what terms."""
    return render_template("text/licence.html")


def _endpoints() -> list[dict[str, str]]:
    """Paths of the API with their summaries, from its own description."""
    described: dict[str, Any] = current_app.api_doc["paths"]  # type: ignore[attr-defined]
    return [
        {"path": path, "summary": item["get"].get("summary", "")}
        for path, item in sorted(described.items())
        if "get" in item
    ]


def _dumps() -> dict[str, list[str]]:
    """The files with all data, by what is in them."""
    found: dict[str, list[str]] = {}
    for name in NAMES:
        found.setdefault(name.partition(".")[0], []).append(name)
    return found


@blueprint.get("/data")
def data() -> ResponseReturnValue:
    """How programs read what the pages show."""
    return render_template(
        "text/data.html",
        endpoints=_endpoints(),
        base=opened().base,
        dumps=_dumps(),
        has_sparql="sparql" in current_app.blueprints,
        sparql_seconds=_settings().sparql_seconds,
    )
