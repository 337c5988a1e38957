"""What a list is filtered by: values of the request, checkboxes to choose, chips to undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from flask import request

from search.facts import Filters
from search.opened import Opened
from server import searching
from server.paging import address_without
from server.sources import source_name
from server.words import capital

Field = Literal["authority", "polarity", "theme"]

TITLES: dict[Field, str] = {"authority": "Council", "polarity": "Which way", "theme": "Theme"}
"""What people choose from, with its heading."""

NAMED = ("authority", "document", "theme", "polarity", "event", "about")
"""All fields of :class:`search.lists.Filters` that a page's address may hold."""


def values(field: str) -> list[str]:
    """What the request wants of a field."""
    return [value for value in request.args.getlist(field) if value]


def filters() -> Filters:
    """The filters of the request; those on theme, polarity and event are for findings."""
    return Filters(**{field: tuple(values(field)) for field in NAMED})


def loaded_authorities(generation: Opened) -> Counter[str]:
    """Councils of the loaded documents, with how many documents each has."""
    return Counter(s.authority for s in generation.catalogue.documents() if s.authority)


def one_authority(generation: Opened) -> str | None:
    """The council that the page is about, where it is about one alone."""
    chosen = set(values("authority")) or set(loaded_authorities(generation))
    return next(iter(chosen)) if len(chosen) == 1 else None


def panels(generation: Opened, fields: Iterable[Field] = ("authority",)) -> list[dict[str, Any]]:
    """Checkboxes of each field; none of councils where only one is loaded."""
    found = []
    for field in fields:
        names = _names(generation, field)
        if field != "authority" or len(names) > 1 or values(field):
            found.append({"name": field, "title": TITLES[field], "options": _options(field, names)})
    return found


def _names(generation: Opened, field: Field) -> dict[str, str]:
    """Values of a field and the words for them."""
    if field == "authority":
        slugs = {*loaded_authorities(generation), *values(field)}
        return {slug: searching.label(generation, field, slug) for slug in slugs}
    return {
        concept.removeprefix(f"{field}/"): capital(text)
        for concept, text in generation.labels.items()
        if concept.startswith(f"{field}/") and not concept.startswith("theme/area/")
    }


def _options(field: Field, names: dict[str, str]) -> list[dict[str, Any]]:
    """Those chosen come first: the list may be longer than what is seen of it."""
    chosen = values(field)
    ordered = sorted(names.items(), key=lambda pair: (pair[0] not in chosen, pair[1].lower()))
    return [{"value": v, "text": text, "checked": v in chosen} for v, text in ordered]


def chips(generation: Opened) -> list[dict[str, str]]:
    """Links that take one filter of the request away."""
    return [
        {"text": _chip(generation, field, value), "href": address_without(field, value)}
        for field in ("authority", "document", "polarity", "theme", "event", "about")
        for value in values(field)
    ]


def _chip(generation: Opened, field: str, value: str) -> str:
    match field:
        case "document":
            return source_name(value)
        case "event":
            return "One event"
        case "about":
            return f"About: {value}"
        case _:
            return searching.label(generation, field, value)


def authority_filter(generation: Opened) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Checkboxes of councils, and the chips of those chosen."""
    chosen = [
        {"text": _chip(generation, "authority", v), "href": address_without("authority", v)}
        for v in values("authority")
    ]
    return panels(generation), chosen
