"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.library import opened

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """A generation is open and its stores answer; 503 when there is nothing to serve."""
    generation = opened()
    generation.stores.check()
    return {"status": "ready", "generation": generation.name}
