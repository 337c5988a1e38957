"""What is served as it is: findings, facts, texts, and the whole graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.errors import FindingsError
from server import output
from server.commands.options import HOME, AsJson, Authority, Data, opening, slug_of


def list_(
    document: Annotated[str | None, typer.Option(help="Only this document, by id.")] = None,
    all_sentences: Annotated[
        bool, typer.Option("--all-sentences", help="Every sentence, with is_finding.")
    ] = False,
    data: Data = HOME,
    as_json: AsJson = False,
) -> None:
    """List the findings."""
    from search.listing import all_sentences as every
    from search.listing import every_finding

    with opening(data) as opened:
        rows = list(
            every(opened, document) if all_sentences else every_finding(opened.facts, document)
        )
    if as_json:
        output.data({"findings": rows})
    else:
        output.table(rows, ("date", "polarity", "themes", "text", "document"))


def facts(
    kind: Annotated[str, typer.Argument(help="documents, events, judgements, posts, tenures, …")],
    authority: Authority = None,
    data: Data = HOME,
    as_json: AsJson = False,
) -> None:
    """List the facts of one kind, each with its quotation and place."""
    from search.facts import KINDS, Filters, every

    if kind not in KINDS:
        raise typer.BadParameter(f"There are no facts of kind '{kind}': use {', '.join(KINDS)}.")
    slug = slug_of(authority)
    with opening(data) as opened:
        rows = list(every(opened.facts, kind, Filters(authority=(slug,) if slug else ())))
    if as_json:
        output.data({"facts": rows})
    else:
        shown = [name for name in rows[0] if name not in _UNSHOWN] if rows else []
        output.table(rows, shown[:8])


_UNSHOWN = {"iri", "start", "end", "quote_start", "quote_end", "authority_iri", "event_iri"}


def sparql(
    query: Annotated[str, typer.Argument(help="A SPARQL query, @FILE, or - for standard input.")],
    format_: Annotated[
        str | None, typer.Option("--format", help="json, xml, csv, tsv, ttl, nt, rdf, jsonld.")
    ] = None,
    data: Data = HOME,
    as_json: AsJson = False,
) -> None:
    """Run a SPARQL query over the union of all graphs."""
    from search.querying import asked
    from server.sparql.gate import check_services

    text = sys.stdin.read() if query == "-" else query
    text = Path(query[1:]).read_text("utf-8") if query.startswith("@") else text
    with opening(data) as opened:
        check_services(text, frozenset({f"{opened.base}search"}))
        sys.stdout.buffer.write(asked(opened, text, "json" if as_json else format_))


def text(
    document: Annotated[str, typer.Argument(help="Id of a document.")], data: Data = HOME
) -> None:
    """Print a document's stored text exactly: all offsets count its characters."""
    with opening(data) as opened:
        stored = opened.catalogue.text(document)
    if stored is None:
        raise FindingsError(
            f"There is no document {document}.", cure="`findings facts documents` lists them."
        )
    sys.stdout.buffer.write(stored.encode("utf-8"))


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")], data: Data = HOME
) -> None:
    """Write the whole graph as RDF in three forms, each kind of fact as CSV, JSON and XLSX."""
    from search.export import export as write

    with opening(data) as opened:
        for path in write(opened, folder):
            output.line(str(path))
