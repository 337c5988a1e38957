"""The application factory: settings and resources in, a Flask application out."""

from __future__ import annotations

from flask import Flask
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from server import api, entities, errors, headers, health, library, pages, rendering
from server.library import Library
from server.settings import Settings

API_INFO = Info(
    title="Findings Graph",
    version="1",
    description=(
        "What the public documents say in which children's services are inspected, reviewed "
        "and scrutinised: search, findings and facts, each with the words that say it."
    ),
)

LARGEST_BODY = 1 << 20


def create_app(settings: Settings | None = None, *, opened: Library | None = None) -> Flask:
    """The service over the generation that is current in ``settings.data``.

    A new generation is taken up when it is published. ``opened`` is for tests: a library
    that is open already.
    """
    settings = settings or Settings()
    app = OpenAPI(
        "server",
        info=API_INFO,
        doc_ui=False,
        validation_error_status=400,
        validation_error_callback=api.invalid,
        static_folder="static/dist",
        static_url_path="/assets",
    )
    app.config.update(SETTINGS=settings, MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    library.init_app(app, opened or library.GenerationLibrary(settings.data, settings.model))
    for part in (rendering, errors, headers):
        part.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(entities.blueprint)
    app.register_api(api.blueprint)
    return app
