"""The command ``findings``: open, call, translate one error.

Exit status 0 is success, 1 failure (or files that could not be built), 2 misuse. With
``--json`` the answer goes to standard output as one JSON value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import typer

from kg.errors import FindingsError
from server import output
from server.commands import asking, listing, making, measuring, serving

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(
    name="findings",
    help="Public documents on children's services as a knowledge graph, searched and served.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """An error of the input's is one line on standard error and status 1."""
    try:
        yield
    except FindingsError as error:
        output.note(f"findings: {error}")
        raise typer.Exit(1) from error
    except BrokenPipeError:
        sys.stderr.close()


def _plain(function: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors are plain."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _plain_errors():
            return function(*args, **kwargs)

    return run


COMMANDS: tuple[Callable[..., None], ...] = (
    *(making.build, making.add, making.remove, making.status, making.push, making.verify),
    *(serving.serve, serving.mcp),
    *(asking.search, asking.ask, asking.repeated, asking.compare),
    *(listing.list_, listing.facts, listing.sparql, listing.text, listing.export),
    measuring.evaluate,
)
"""In the order of the help."""

for each in COMMANDS:
    app.command(name=each.__name__.rstrip("_"))(_plain(each))


def main() -> None:
    """Run the command line."""
    # Small products are slower on several threads, and searches run on several at a time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
