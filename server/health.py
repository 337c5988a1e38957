"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from server.errors import Problem, Refused
from server.library import opened

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """A generation is open and its stores answer; 503 when there is none, or when stopping."""
    stopping = current_app.extensions.get("stopping")
    if stopping is not None and stopping.is_set():
        raise Refused(Problem(503, "The service is stopping."))
    generation = opened()
    generation.stores.check()
    return {"status": "ready", "generation": generation.name}
