"""Let others read: in browsers, by programs, and assistants."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from kg.errors import FindingsError
from server.commands.options import HOME, PACKAGED, Data, Model, opening


def serve(
    data: Data = HOME,
    host: Annotated[
        str, typer.Option(envvar="FINDINGS_HOST", help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="FINDINGS_PORT", min=0, max=65535)] = 8000,
    model: Model = PACKAGED,
) -> None:
    """Serve pages, API and SPARQL until interrupted."""
    from server.serve import serve as run
    from server.settings import Settings

    run(Settings(data=data, host=host, port=port, model=model))


def mcp(data: Data = HOME, model: Model = PACKAGED) -> None:
    """Let an assistant read: the Model Context Protocol over standard input and output."""
    if find_spec("mcp") is None:
        raise FindingsError(
            "The protocol for assistants is not installed.",
            cure="Run `pip install 'findings-graph[assistant]'`.",
        )
    from server.assistant import run

    with opening(data, model) as opened:
        run(opened)
