"""How good what was built is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server import output
from server.commands.options import HOME, PACKAGED, AsJson, Data, Model, opening


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Folder of labelled data.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    misses: Annotated[bool, typer.Option(help="List every miss.")] = True,
    save: Annotated[
        Path | None, typer.Option(help="Keep the figures in this file, as the quality page reads.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what was built against labelled data."""
    from search.evaluate.report import show
    from search.evaluate.run import evaluate as measured
    from server import quality

    with opening(data, model) as opened:
        outcomes = measured(opened, gold)
        if save is not None:
            quality.save(quality.measured(outcomes, opened), save)
    if as_json:
        output.data({"outcomes": outcomes})
    else:
        show(outcomes, output.console(), misses=misses)
