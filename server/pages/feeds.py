"""What changed, as a page and as Atom feeds: of all, of a council, of an issue, of a search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.opened import Opened
from search.repeated import repeated
from server import searching
from server.addresses import reader_address, thing_address
from server.errors import bad_request, not_found
from server.feeds.atom import MEDIA_TYPE, Entry, Feed, atom
from server.feeds.entries import MOST, Told, entry, newest, teller
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import authority_filter, loaded_authorities, values
from server.paging import PER_PAGE, Paging, links, page_number
from server.sources import source_name


@blueprint.get("/changes")
def changes() -> ResponseReturnValue:
    """What each build changed, newest first, with the feeds that tell the same."""
    generation, number = opened(), page_number()
    checkboxes, chips = authority_filter(generation)
    chosen = values("authority") or [""]
    found = [one for slug in chosen for one in _news(slug)]
    found.sort(key=lambda one: one[0], reverse=True)
    paging = Paging(number, len(found))
    return render_template(
        "changes.html",
        changes=[tell() for _, tell in found[paging.offset : paging.offset + PER_PAGE]],
        filters=checkboxes,
        chips=chips,
        paging=paging,
        pagination=links(paging),
        feeds=_feeds(generation, chosen),
    )


def _news(authority: str) -> Iterator[tuple[str, Callable[[], Told]]]:
    """When something changed or fell due, and what tells it; only what a page shows is told."""
    telling = teller()
    for one in telling.passed_since_the_first(date.today(), authority):
        yield one.updated, partial(lambda told: told, one)
    for line in telling.lines(authority):
        yield line[0].when, partial(telling.once, *line)


def feed_of(kind: str, slug: str) -> str:
    """The feed that follows a thing; '' for what has none."""
    if kind == "organisation" and slug in loaded_authorities(opened()):
        return url_for("pages.authority_feed", authority=slug)
    return ""


def _feeds(generation: Opened, authorities: list[str]) -> list[tuple[str, str]]:
    """Titles and addresses of the feeds of the chosen councils, or of all."""
    if authorities == [""]:
        return [("All councils", url_for("pages.feed"))]
    return [
        (
            searching.label(generation, "authority", slug),
            url_for("pages.authority_feed", authority=slug),
        )
        for slug in authorities
        if slug in loaded_authorities(generation)
    ]


def _latest(authority: str = "", issue: str = "") -> list[Told]:
    telling = teller()
    return telling.told(telling.lines(authority, issue)[:MOST])


@blueprint.get("/feeds/all.atom")
def feed() -> ResponseReturnValue:
    """All changes."""
    told = newest([*_latest(), *islice(teller().due(date.today()), MOST)])
    return _answer("Findings Graph: what changed", url_for("pages.changes"), told)


@blueprint.get("/feeds/authority/<authority>.atom")
def authority_feed(authority: str) -> ResponseReturnValue:
    """Changes that concern one council."""
    generation = opened()
    if authority not in loaded_authorities(generation):
        raise not_found(f"document about {authority[:80]}")
    due = islice(teller().due(date.today(), authority), MOST)
    told = newest([*_latest(authority), *due])
    name = searching.label(generation, "authority", authority)
    page = url_for("pages.changes", authority=authority)
    return _answer(f"{name}: documents, findings and changes", page, told)


@blueprint.get("/feeds/issue/<path:slug>.atom")
def issue_feed(slug: str) -> ResponseReturnValue:
    """Changes of one repeated finding, whatever ids it had."""
    told = _latest(issue=slug)
    known = any(issue["id"] == slug for issue in repeated(opened().facts))
    if not told and not known:
        raise not_found(f"issue {slug[:80]}")
    label = next((i["label"] for i in repeated(opened().facts) if i["id"] == slug), "")
    title = f"Repeated finding: {label}" if label else "A repeated finding"
    page = thing_address(f"issue/{slug}") if known else url_for("pages.repeated")
    return _answer(title, page, told)


@blueprint.get("/feeds/search.atom")
def search_feed() -> ResponseReturnValue:
    """The passages that a search finds, those of newly loaded documents first."""
    generation, wanted = opened(), searching.asked(request.args)
    if not searching.has_words(wanted.text):
        raise bad_request("A feed of a search needs words to search for.", "Give them as q=….")
    since = _loaded_since(generation)
    found = searching.search(generation, wanted, MOST)
    told = [
        Told(
            f"{generation.base}id/passage/{one.passage}",
            f"{one.title}: {', '.join(one.headings[-1:]) or source_name(one.document.id)}",
            reader_address(one.document.id, one.start + one.best[0], one.start + one.best[1]),
            since.get(one.document.id, since[""]),
            "passage",
            lines=(source_name(one.document.id), one.text),
        )
        for one in found.results
    ]
    query = urlencode([(k, v) for k, v in request.args.items(multi=True) if v and k != "page"])
    page = f"{url_for('pages.search')}?{query}"
    return _answer(f"Search: {wanted.text}", page, newest(told))


def _loaded_since(generation: Opened) -> dict[str, str]:
    """When each document was loaded last; '' gives when the log began."""
    log = generation.changes
    first = log[0].when if log else "1970-01-01T00:00:00+00:00"
    added = {
        change.thing: one.when
        for one in log
        for change in one.changes
        if (change.kind, change.what) == ("document", "added")
    }
    return {"": first, **added}


def _answer(title: str, page: str, told: list[Told]) -> Response:
    """The feed, or 304 where the reader has it."""
    root = request.url_root.rstrip("/")
    query = request.query_string.decode("ascii", "ignore")
    address = f"{request.path}?{query}" if query else request.path
    identity = f"{opened().base}feed{address.removeprefix('/feeds')}"
    entries: list[Entry] = [entry(one, root, page) for one in told]
    body = atom(Feed(identity, title, f"{root}{page}", f"{root}{address}"), entries)
    response = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if entries:
        response.last_modified = datetime.fromisoformat(max(e.updated for e in entries))
    response.make_conditional(request)
    return response
