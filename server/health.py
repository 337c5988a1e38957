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
    """A generation is open; 503 when there is none to serve."""
    return {"status": "ready", "generation": opened().name}
