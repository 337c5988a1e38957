"""Search as the page and the API both ask for it: parameters of a request in, results out."""

from __future__ import annotations

import re

import msgspec
from werkzeug.datastructures import MultiDict

from kg.gazetteer import authorities
from kg.gazetteer import find as find_authorities
from search.filters import Filters
from search.opened import Opened
from search.search import POOL, Result, Results
from server import words
from server.errors import bad_request

LONGEST = 400
SORTS = {"relevance": "Closest in meaning", "newest": "Newest first", "oldest": "Oldest first"}
MANY = ("authority", "kind", "theme", "polarity", "assertor", "document")
DATE = "(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
"""A year, month or day, as a regular expression."""


class Asked(msgspec.Struct, frozen=True):
    """What is searched for, and in which order it is wanted."""

    text: str
    filters: Filters = Filters()
    sort: str = "relevance"


def date_of(args: MultiDict[str, str], name: str) -> str | None:
    value = args.get(name, "").strip()
    if value and not re.fullmatch(DATE, value):
        raise bad_request(
            f"'{value[:40]}' is not a date that can be searched for.",
            "Write a year such as 2019, a month such as 2019-07, or a day such as 2019-07-04.",
        )
    return value or None


def asked(args: MultiDict[str, str]) -> Asked:
    """The search that the parameters of a request ask for; a refusal where they cannot be read."""
    text, sort = args.get("q", "").strip(), args.get("sort") or "relevance"
    if len(text) > LONGEST:
        raise bad_request(f"A search has at most {LONGEST} characters.", "Use fewer words.")
    if sort not in SORTS:
        raise bad_request(f"'{sort[:40]}' is no order.", f"Choose {', '.join(SORTS)}.")
    many = {name: tuple(v for v in args.getlist(name) if v) for name in MANY}
    filters = Filters(**many, since=date_of(args, "since"), until=date_of(args, "until"))
    return Asked(text, filters, sort)


def _newest_first(result: Result) -> tuple[str, float]:
    return result.date or "", result.score


def search(opened: Opened, wanted: Asked, limit: int, offset: int = 0) -> Results:
    """The results, by date where that is wanted (of the candidates that were found).

    What holds no letter or digit finds nothing.
    """
    if not has_words(wanted.text):
        return Results(wanted.text, (), {}, 0)
    if wanted.sort == "relevance":
        return opened.searcher.search(wanted.text, wanted.filters, limit=limit, offset=offset)
    found = opened.searcher.search(wanted.text, wanted.filters, limit=POOL)
    ordered = sorted(found.results, key=_newest_first, reverse=wanted.sort == "newest")
    return msgspec.structs.replace(found, results=tuple(ordered[offset : offset + limit]))


def has_words(text: str) -> bool:
    """Whether there is anything to search for."""
    return any(character.isalnum() for character in text)


def authority_slug(named: str) -> str:
    """The slug of a council by its slug or by any of its names; else the words as they are."""
    if named in authorities():
        return named
    found = find_authorities(named)
    return found[0].slug if found else named


def label(opened: Opened, field: str, value: str) -> str:
    """The words that people read for a value of a filter."""
    if field == "authority":
        known = authorities().get(value)
        return known.name if known else words.plain(value)
    if field == "document":
        found = opened.facts.documents.get(f"{opened.base}id/document/{value}")
        return str(found["title"]) if found else value
    scheme = "document-kind" if field == "kind" else field
    text = opened.labels.get(f"{scheme}/{value}", words.plain(value))
    return text[:1].upper() + text[1:]
