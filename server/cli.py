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
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, ParamSpec, TypeVar

import typer

from kg.errors import FindingsError
from server import output

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(
    name="findings",
    help="Public documents on children's services as a knowledge graph, searched and served.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

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


def command(function: Callable[P, R]) -> Callable[P, R]:
    """A command of ``findings`` whose errors are plain."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _plain_errors():
            return function(*args, **kwargs)

    app.command(name=function.__name__.rstrip("_"))(run)
    return run


@command
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

    Building(data, model, base, names).build(paths).tell(as_json)


@command
def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders and addresses to add.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Add documents to what is served; only they are read. Addresses must be public."""
    from server.building import Building

    Building.of(data, model).add(paths).tell(as_json)


@command
def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids or files of documents.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Remove documents with all that was derived from them."""
    from server.building import Building

    Building.of(data, model).remove(documents).tell(as_json)


@command
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
    if now.warning:
        output.note(now.warning)


@command
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


@command
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


@command
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


@command
def search(
    text: Annotated[str, typer.Argument(help="What you mean, in your own words.")],
    data: Data = HOME,
    limit: Limit = 10,
    authority: Annotated[list[str] | None, typer.Option(help="Only these authorities.")] = None,
    document: Annotated[list[str] | None, typer.Option(help="Only these documents.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only these kinds of document.")] = None,
    theme: Annotated[list[str] | None, typer.Option(help="Only findings of these themes.")] = None,
    polarity: Annotated[list[str] | None, typer.Option(help="Only this polarity.")] = None,
    since: Annotated[str | None, typer.Option(help="Not before this date.")] = None,
    until: Annotated[str | None, typer.Option(help="Not after this date.")] = None,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Find the passages that say it, best first."""
    from search.filters import Filters

    wanted = Filters(
        document=tuple(document or ()),
        kind=tuple(kind or ()),
        authority=tuple(filter(None, map(_slug, authority or ()))),
        since=since,
        until=until,
        theme=tuple(theme or ()),
        polarity=tuple(polarity or ()),
    )
    with _opened(data, model) as opened:
        results = opened.searcher.search(text, wanted, limit=limit)
    if as_json:
        output.data(results)
        return
    for place, result in enumerate(results.results, 1):
        where = ", ".join(filter(None, (result.title, result.date, _page(result.page))))
        output.line(f"{place}. {where}\n   {' '.join(result.text.split())}\n   {result.passage}\n")


@command
def ask(
    text: Annotated[str, typer.Argument(help="A question in plain words.")],
    data: Data = HOME,
    model: Model = PACKAGED,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the documents, with sources, or say why they do not."""
    from search.ask.asker import Asker
    from server.asking import assistant
    from server.settings import from_env

    with _opened(data, model) as opened:
        answer = Asker(opened, assistant(from_env())).ask(text)
    if as_json:
        output.data(answer)
        return
    output.line(answer.answer if answer.answered else str(answer.reason))
    for cited in answer.citations:
        place = f"{cited.document.title}, {cited.start}–{cited.end}"
        output.line(f"   “{' '.join(cited.quote.split())}” ({place})")


@command
def repeated(authority: Authority = None, data: Data = HOME, as_json: AsJson = False) -> None:
    """List the findings that keep coming back, strongest first."""
    from search.repeated import repeated as issues

    with _opened(data) as opened:
        rows = issues(opened.facts, _slug(authority))
    if as_json:
        output.data({"issues": rows})
        return
    for issue in rows:
        period = f"{issue['first']} to {issue['last']}"
        output.line(f"{issue['label']} ({issue['authority']}, {period}, {issue['status']})")
        for one in (*issue["occurrences"], *issue["explicit"]):
            output.line(f"   {one['date'] or 'undated'}: {' '.join(one['quote'].split())}")
        output.line()


@command
def compare(
    earlier: Annotated[str, typer.Argument(metavar="EVENT", help="Id of the earlier event.")],
    later: Annotated[str, typer.Argument(metavar="EVENT", help="Id of the later event.")],
    data: Data = HOME,
    as_json: AsJson = False,
) -> None:
    """Tell what became of an event's findings at a later one of the same council.

    Ids are those of 'findings facts events'. What the later event did not look at is told
    apart from what it no longer found.
    """
    from search.compare import compare as side_by_side

    with _opened(data) as opened:
        found = side_by_side(opened.facts, earlier, later)
    if as_json:
        output.data(found)
        return
    output.line(f"{found['earlier']['label']} → {found['later']['label']}")
    for field, heading in _COMPARED.items():
        output.line(f"\n{heading} ({len(found[field])})")
        for one in found[field]:
            said = [one] if "quote" in one else [*one["earlier"], *one["later"]]
            if "label" in one:
                output.line(f" {one['label']} ({one['status']})")
            for each in said:
                output.line(f"   {each['date'] or 'undated'}: {' '.join(each['quote'].split())}")


_COMPARED = {
    "repeated": "Repeated",
    "new": "New",
    "no_longer_found": "No longer found",
    "not_looked_at": "Not looked at this time",
}


@command
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

    with _opened(data) as opened:
        rows = list(
            every(opened, document) if all_sentences else every_finding(opened.facts, document)
        )
    if as_json:
        output.data({"findings": rows})
    else:
        output.table(rows, ("date", "polarity", "themes", "text", "document"))


@command
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
    slug = _slug(authority)
    with _opened(data) as opened:
        rows = list(every(opened.facts, kind, Filters(authority=(slug,) if slug else ())))
    if as_json:
        output.data({"facts": rows})
    else:
        shown = [name for name in rows[0] if name not in _UNSHOWN] if rows else []
        output.table(rows, shown[:8])


_UNSHOWN = {"iri", "start", "end", "quote_start", "quote_end", "authority_iri", "event_iri"}


@command
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
    with _opened(data) as opened:
        check_services(text, frozenset({f"{opened.base}search"}))
        sys.stdout.buffer.write(asked(opened, text, "json" if as_json else format_))


@command
def mcp(data: Data = HOME, model: Model = PACKAGED) -> None:
    """Let an assistant read: the Model Context Protocol over standard input and output."""
    if find_spec("mcp") is None:
        raise FindingsError(
            "The protocol for assistants is not installed.",
            cure="Run `pip install 'findings-graph[assistant]'`.",
        )
    from server.assistant import run

    with _opened(data, model) as opened:
        run(opened)


@command
def text(
    document: Annotated[str, typer.Argument(help="Id of a document.")], data: Data = HOME
) -> None:
    """Print a document's stored text exactly: all offsets count its characters."""
    with _opened(data) as opened:
        stored = opened.catalogue.text(document)
    if stored is None:
        raise FindingsError(
            f"There is no document {document}.", cure="`findings facts documents` lists them."
        )
    sys.stdout.buffer.write(stored.encode("utf-8"))


@command
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")], data: Data = HOME
) -> None:
    """Write the whole graph as RDF in three forms, each kind of fact as CSV, JSON and XLSX."""
    from search.export import export as write

    with _opened(data) as opened:
        for path in write(opened, folder):
            output.line(str(path))


@command
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

    with _opened(data, model) as opened:
        outcomes = measured(opened, gold)
        if save is not None:
            quality.save(quality.measured(outcomes, opened), save)
    if as_json:
        output.data({"outcomes": outcomes})
    else:
        show(outcomes, output.console(), misses=misses)


def _opened(data: Path, model: str = PACKAGED) -> Any:
    from search.opened import open_data

    return open_data(data, model)


def _slug(name: str | None) -> str | None:
    """The gazetteer's id of an authority that is given by name or id."""
    from kg.gazetteer import authorities, find

    if name is None or name in authorities():
        return name
    found = find(name)
    if not found:
        raise typer.BadParameter(f"No English authority is called {name!r}.")
    return found[0].slug


def _page(page: int | None) -> str:
    return f"page {page}" if page else ""


def main() -> None:
    """Run the command line."""
    # Small products are slower on several threads, and searches run on several at a time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
