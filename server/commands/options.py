"""Options that several commands have, and what they open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search.opened import Opened

Data = Annotated[Path, typer.Option("--data", envvar="FINDINGS_DATA", help="Data directory.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Model = Annotated[
    str,
    typer.Option("--model", envvar="FINDINGS_MODEL", help="Embedding model: a name or a folder."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Rows at most.")]
Authority = Annotated[
    str | None, typer.Option("--authority", help="Only this authority, by name or id.")
]

HOME = Path("data")
PACKAGED = "all-MiniLM-L6-v2"


def opening(data: Path, model: str = PACKAGED) -> Opened:
    """What a data directory serves, to be closed."""
    from search.opened import open_data

    return open_data(data, model)


def slug_of(name: str | None) -> str | None:
    """The gazetteer's id of an authority that is given by name or id."""
    from kg.gazetteer import authorities, find

    if name is None or name in authorities():
        return name
    found = find(name)
    if not found:
        raise typer.BadParameter(f"No English authority is called {name!r}.")
    return found[0].slug
