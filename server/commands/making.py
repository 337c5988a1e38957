"""What is served: build, change, publish and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from kg.errors import FindingsError
from kg.priority import give_way
from server import output
from server.commands.options import HOME, PACKAGED, AsJson, Data, Model


def build(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; together all there is.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    base: Annotated[str | None, typer.Option(envvar="FINDINGS_BASE", help="Base of IRIs.")] = None,
    names: Annotated[
        Literal["printed", "none"], typer.Option(help="Names of officials.")
    ] = "printed",
    as_json: AsJson = False,
) -> None:
    """Build graph and index from documents and publish them in one step."""
    from server.building import Building

    give_way()
    Building(data, model, base, names).build(paths).tell(as_json)


def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders and addresses to add.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Add documents to what is served; only they are read. Addresses must be public."""
    from server.building import Building

    give_way()
    Building.of(data, model).add(paths).tell(as_json)


def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids or files of documents.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Remove documents with all that was derived from them."""
    from server.building import Building

    give_way()
    Building.of(data, model).remove(documents).tell(as_json)


def status(data: Data = HOME, as_json: AsJson = False) -> None:
    """Say what is served."""
    from kg.pipeline import status as told

    now = told(data)
    if as_json:
        output.data(now)
        return
    output.line(f"Generation {now.generation} of {data}, model {now.model}.")
    for name, count in now.counts.items():
        output.line(f"{count:>9,} {name}")
    if now.seconds is not None:
        output.line(f"It was built in {now.seconds:.1f} s.")
    if now.warning:
        output.note(now.warning)


def push(data: Data = HOME, as_json: AsJson = False) -> None:
    """Publish what was built to the stores that the settings name; goes on where it stopped."""
    from search.stores import Stores
    from server.building import told

    pushed = Stores(data).push()
    if not pushed:
        raise FindingsError(
            "No store is named.",
            cure="Set FINDINGS_SPARQL_URL or FINDINGS_MILVUS_URI; see docs/scale.md.",
        )
    if as_json:
        output.data({"pushed": pushed})
        return
    for each in pushed:
        output.note(told(each))


def verify(data: Data = HOME, as_json: AsJson = False) -> None:
    """Check every file, count and quotation of what is served."""
    from kg.generations import open_generation
    from kg.verify import verify as checked

    result = checked(open_generation(data, full=False).path)
    if as_json:
        output.data(result)
    else:
        output.line(
            f"In order: {result.files} files, {result.quads:,} quads, {result.documents:,} "
            f"documents, {result.passages:,} passages, {result.spans:,} quotations."
        )
