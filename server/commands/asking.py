"""Ask what is served: by meaning, in a question, across time."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from server import output
from server.commands.options import (
    HOME,
    PACKAGED,
    AsJson,
    Authority,
    Data,
    Limit,
    Model,
    opening,
    slug_of,
)


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
        authority=tuple(filter(None, map(slug_of, authority or ()))),
        since=since,
        until=until,
        theme=tuple(theme or ()),
        polarity=tuple(polarity or ()),
    )
    with opening(data, model) as opened:
        results = opened.searcher.search(text, wanted, limit=limit)
    if as_json:
        output.data(results)
        return
    for place, result in enumerate(results.results, 1):
        where = ", ".join(filter(None, (result.title, result.date, _page(result.page))))
        output.line(f"{place}. {where}\n   {' '.join(result.text.split())}\n   {result.passage}\n")


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

    with opening(data, model) as opened:
        answer = Asker(opened, assistant(from_env())).ask(text)
    if as_json:
        output.data(msgspec.to_builtins(answer, order="deterministic"))
        return
    output.line(answer.answer if answer.answered else str(answer.reason))
    for at, cited in enumerate(answer.citations):
        if at == answer.supporting:
            output.line("Also near:" if answer.answered else "Nearest:")
        place = f"{cited.document.title}, {cited.start}–{cited.end}"
        output.line(f"   “{' '.join(cited.quote.split())}” ({place})")


def repeated(authority: Authority = None, data: Data = HOME, as_json: AsJson = False) -> None:
    """List the findings that keep coming back, strongest first."""
    from search.repeated import repeated as issues

    with opening(data) as opened:
        rows = issues(opened.facts, slug_of(authority))
    if as_json:
        output.data({"issues": rows})
        return
    for issue in rows:
        period = f"{issue['first']} to {issue['last']}"
        output.line(f"{issue['label']} ({issue['authority']}, {period}, {issue['status']})")
        for one in (*issue["occurrences"], *issue["explicit"]):
            output.line(f"   {one['date'] or 'undated'}: {' '.join(one['quote'].split())}")
        output.line()


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

    with opening(data) as opened:
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


def _page(page: int | None) -> str:
    return f"page {page}" if page else ""
