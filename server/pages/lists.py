"""Lists of what was read: one table a kind, under filters, also as CSV. See ``lists.yaml``."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import Any

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.facts import MOST, Fact
from server.csvs import csv_response
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import Field, chips, filters, panels
from server.paging import PER_PAGE, Paging, links, page_number


class Column(msgspec.Struct, frozen=True, array_like=True):
    """One column: its heading, the field it shows, and the form in which it shows it."""

    heading: str
    field: str
    form: str


class ListPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page of ``lists.yaml``: what it is called, what it tells, its columns."""

    kind: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    filters: tuple[Field, ...] = ("authority",)


@cache
def lists() -> dict[str, ListPage]:
    """The pages by kind, in the order of the file."""
    text = (files("server") / "pages" / "lists.yaml").read_bytes()
    pages = msgspec.yaml.decode(text, type=tuple[ListPage, ...])
    return {page.kind: page for page in pages}


def listed(kind: str) -> dict[str, Any]:
    """What ``list.html`` shows: one page of the facts of a kind under the request's filters."""
    generation, page = opened(), lists()[kind]
    paging = Paging(page_number(), generation.facts.count(kind, filters()))
    query = request.query_string.decode("ascii", "ignore")
    return {
        "page": page,
        "facts": generation.facts.list(kind, PER_PAGE, paging.offset, filters()),
        "filters": panels(generation, page.filters),
        "chips": chips(generation),
        "paging": paging,
        "pagination": links(paging),
        "action": url_for(f"pages.{kind}"),
        "csv": f"{url_for(f'pages.{kind}_csv')}?{query}",
    }


def _list_page(kind: str) -> ResponseReturnValue:
    return render_template("list.html", **listed(kind))


def _flat(fact: Fact, column: Column) -> object:
    value = fact[column.field]
    match column.form:
        case "names":
            return "; ".join(value)
        case "source":
            return value["title"] if value else ""
        case "sources":
            return "; ".join(document["title"] for document in value)
        case "amount":
            return value if fact["unit"] is None else f"{value} {fact['unit']}"
        case "sides":
            return " / ".join(f"{side['value']}: {side['quote']}" for side in value)
        case _:
            return value


def _list_csv(kind: str) -> ResponseReturnValue:
    columns = lists()[kind].columns
    rows = [
        {column.heading: _flat(fact, column) for column in columns}
        | {"Document": (fact.get("document") or {}).get("title"), "Id": fact["id"]}
        for fact in opened().facts.list(kind, MOST, 0, filters())
    ]
    return csv_response(kind, [*(c.heading for c in columns), "Document", "Id"], rows)


PLAIN = ("findings", "tenures", "events", "missing")
"""Kinds whose page is the list alone; the others have views of their own."""

for _kind in PLAIN:
    blueprint.add_url_rule(f"/{_kind}", _kind, partial(_list_page, _kind))
for _kind in (*PLAIN, "posts", "organisations", "figures", "disagreements"):
    blueprint.add_url_rule(f"/{_kind}.csv", f"{_kind}_csv", partial(_list_csv, _kind))


@blueprint.get("/browse")
def browse() -> ResponseReturnValue:
    """All lists, with how much is in each."""
    generation = opened()
    counts = {kind: generation.facts.count(kind) for kind in lists()}
    return render_template("browse.html", lists=lists().values(), counts=counts)
