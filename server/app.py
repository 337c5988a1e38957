"""The application factory: settings and resources in, a Flask application out."""

from __future__ import annotations

from flask import Flask
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from server import (
    api,
    asking,
    compression,
    discovery,
    entities,
    errors,
    headers,
    health,
    logs,
    metrics,
    pages,
    rebuilding,
    rendering,
    vocabulary,
)
from server.bridge import LARGEST_BODY
from server.library import GenerationLibrary, Library, use
from server.observing import Observer
from server.pages import decisions
from server.rebuilding import Rebuilder
from server.settings import Settings
from server.sparql.blueprint import install
from server.sparql.protocol import Endpoint

API_INFO = Info(
    title="Findings Graph",
    version="1",
    description=(
        "What the public documents say in which children's services are inspected, reviewed "
        "and scrutinised: search, findings and facts, each with the words that say it."
    ),
)


def create_app(
    settings: Settings | None = None,
    *,
    library: Library | None = None,
    endpoint: Endpoint | None = None,
    rebuilder: Rebuilder | None = None,
) -> Flask:
    """The service over a library of generations, by default the one in ``settings.data``.

    ``endpoint`` answers visitors' SPARQL; without one there is no ``/sparql``. ``rebuilder`` builds
    again after a decision. Whoever hands in resources closes them.
    """
    settings = settings or Settings()
    app = OpenAPI(
        "server",
        info=API_INFO,
        security_schemes={},
        doc_ui=False,
        validation_error_status=400,
        validation_error_callback=api.invalid,
        static_folder="static/dist",
        static_url_path="/assets",
    )
    app.config.update(SETTINGS=settings, MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    use(app, library or GenerationLibrary(settings.data, settings.model))
    asking.use(app, settings)
    for part in (compression, rendering, errors, headers):
        part.init_app(app)
    for blueprint in (health.blueprint, pages.blueprint, entities.blueprint, discovery.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(vocabulary.blueprint)
    metrics.init_app(app, endpoint)
    logs.init_app(app)
    app.register_api(api.blueprint)
    rebuilds = Rebuilder.of(settings.data, settings.model) if settings.rebuild else Rebuilder(())
    rebuilding.use(app, rebuilder or rebuilds)
    if settings.operator_token:
        app.register_blueprint(decisions.blueprint)
    if endpoint is not None:
        install(app, endpoint, headers=headers.DATA, observer=Observer(app))
    return app
