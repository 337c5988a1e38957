"""The meeting pack: a form, the briefing it asks for, and the same as a Word document."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from textwrap import shorten
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.dates import earliest, latest
from kg.edtf import exists
from search.facts import Facts
from search.opened import Opened
from search.pack import Material, Pack, Place, Speech, Wanted, brief, gather
from server import searching, words
from server.addresses import reader_address
from server.errors import not_found
from server.library import opened
from server.pack_docx import Source, written
from server.pages import blueprint
from server.sources import place_name

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDS = (("since", "From"), ("until", "To"))
MORE = {"repeated": "repeated", "changes": "events", "commitments": "commitments"}
MORE |= {"made": "commitments"}
MORE |= {"figures": "figures", "disagreements": "disagreements"}
"""Pages with all lines of a section that was cut short."""

_gathered: WeakKeyDictionary[Facts, dict[str, Material]] = WeakKeyDictionary()
"""What a generation says of each council; it goes when the generation does."""


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with the form, and the field to mend."""

    field: str
    text: str


@blueprint.get("/pack")
def pack() -> ResponseReturnValue:
    """The form, and below it the briefing once a council is chosen."""
    generation, mistake = opened(), _mistake()
    made = None if mistake or not request.args.get("authority") else _pack(generation)
    shown = render_template(
        "pack.html",
        councils=_councils(generation),
        themes=_themes(generation),
        ends=[(name, title, request.args.get(name, "")) for name, title in ENDS],
        mistake=mistake,
        pack=made,
        title=_title(generation, made) if made else "",
        period=_period(made) if made else "",
        chosen=_chosen_themes(generation, made) if made else [],
        sources=_sources(generation, made, reader_address) if made else [],
        more=MORE,
        docx=f"{url_for('pages.pack_docx')}?{request.query_string.decode('ascii', 'ignore')}",
    )
    return shown, 400 if mistake else 200


@blueprint.get("/pack.docx")
def pack_docx() -> ResponseReturnValue:
    """The same briefing for a word processor."""
    generation, mistake = opened(), _mistake()
    if mistake or not request.args.get("authority"):
        return pack()
    made = _pack(generation)
    root = request.url_root.rstrip("/")
    sources = _sources(generation, made, lambda *place: root + reader_address(*place))
    about = [_period(made), f"Themes: {', '.join(_chosen_themes(generation, made)) or 'all'}"]
    body = written(_title(generation, made), about, made, sources)
    response = Response(body, content_type=WORD)
    name = f"meeting-pack-{made.wanted.authority}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pack(generation: Opened) -> Pack:
    """The briefing of the request; a refusal for a council of which nothing is loaded."""
    authority = request.args["authority"]
    if authority not in _loaded(generation):
        raise not_found(f"document about {authority[:80]}")
    today = date.today().isoformat()
    since, until = (request.args.get(name, "").strip() for name, _ in ENDS)
    themes = tuple(value for value in request.args.getlist("theme") if value)
    wanted = Wanted(
        authority,
        earliest(since) if since else "",
        latest(until) if until else today,
        today,
        themes,
    )
    label = partial(searching.label, generation)
    speech = Speech(words.date_words, label, words.readable)
    return brief(_material(generation, authority), wanted, speech)


def _material(generation: Opened, authority: str) -> Material:
    kept = _gathered.setdefault(generation.facts, {})
    if authority not in kept:
        kept[authority] = gather(generation.facts, authority)
    return kept[authority]


def _mistake() -> Mistake | None:
    """The first date that cannot be read, or a period that ends before it begins."""
    since, until = (request.args.get(name, "").strip() for name, _ in ENDS)
    for (name, title), value in zip(ENDS, (since, until), strict=True):
        if value and not (re.fullmatch(searching.DATE, value) and exists(value)):
            cure = "Write a year such as 2019, a month such as 2019-07, or a day such as 2019-07-04"
            return Mistake(name, f"{title}: '{value[:40]}' is not a date. {cure}")
    if since and until and earliest(since) > latest(until):
        return Mistake("until", "The period must end after it begins")
    return None


def _loaded(generation: Opened) -> set[str]:
    return {found.authority for found in generation.catalogue.documents() if found.authority}


def _councils(generation: Opened) -> list[dict[str, Any]]:
    """The councils that are loaded; the only one is chosen already."""
    label, loaded = partial(searching.label, generation, "authority"), _loaded(generation)
    chosen = request.args.get("authority", "") or (min(loaded) if len(loaded) == 1 else "")
    named = [
        {"value": slug, "text": label(slug), "selected": slug == chosen}
        for slug in sorted(loaded, key=label)
    ]
    return [{"value": "", "text": "Choose a council", "selected": not chosen}, *named]


def _themes(generation: Opened) -> list[dict[str, Any]]:
    """Checkboxes of all themes."""
    named = {
        concept.partition("/")[2]: text
        for concept, text in generation.labels.items()
        if concept.startswith("theme/") and not concept.startswith("theme/area/")
    }
    chosen = request.args.getlist("theme")
    return [
        {"value": slug, "text": text, "checked": slug in chosen}
        for slug, text in sorted(named.items(), key=lambda pair: pair[1].lower())
    ]


def _title(generation: Opened, made: Pack) -> str:
    return f"Meeting pack: {searching.label(generation, 'authority', made.wanted.authority)}"


def _period(made: Pack) -> str:
    since, until = (words.date_words(day) for day in (made.wanted.since, made.wanted.until))
    return f"Period: {since} to {until}" if since else f"Period: up to {until}"


def _chosen_themes(generation: Opened, made: Pack) -> list[str]:
    return [searching.label(generation, "theme", theme) for theme in made.wanted.themes]


def _sources(
    generation: Opened, made: Pack, address: Callable[[str, int, int], str]
) -> list[Source]:
    """The documents and places of the notes, in their order."""
    return [
        Source(
            place_name(place.document, place.start) + _under(generation, place),
            address(place.document, place.start, place.end),
        )
        for place in made.places
    ]


def _under(generation: Opened, place: Place) -> str:
    """The heading above a place in a document that has no pages."""
    if generation.catalogue.page(place.document, place.start):
        return ""
    document = generation.catalogue.document(place.document)
    above = (
        [b for b in document.blocks if b.kind == "heading" and b.end <= place.start]
        if document
        else []
    )
    if document is None or not above:
        return ""
    words = document.quote(above[-1].start, above[-1].end)
    return f", under “{shorten(words, 80, placeholder='…')}”"
