"""The page on which people write SPARQL and read the results."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
from flask import render_template

from ontology.terms import PREFIXES
from server.sparql.protocol import PageContent

MOST_ROWS = 500
"""Rows that the page shows; the formats for programs give all."""


class Example(msgspec.Struct, frozen=True):
    """A query to begin with: its first comment line is its title."""

    title: str
    query: str


def examples() -> list[Example]:
    """The example queries, in order of their file names."""
    folder = files("server") / "pages" / "examples"
    texts = sorted(
        (f.name, f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".rq")
    )
    return [_example(text) for _, text in texts]


def _example(text: str) -> Example:
    title, _, query = text.partition("\n")
    names = [name for name in PREFIXES if f"{name}:" in query]
    head = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)
    return Example(title.lstrip("# "), f"{head}{query.strip()}\n")


def table(content: PageContent) -> dict[str, Any] | None:
    """Columns and rows of a SELECT's results, as the template shows them."""
    if content.result is None or content.kind != "solutions":
        return None
    found = msgspec.json.decode(content.result)
    rows = found["results"]["bindings"]
    return {
        "columns": found["head"]["vars"],
        "rows": [[row.get(name) for name in found["head"]["vars"]] for row in rows[:MOST_ROWS]],
        "total": len(rows),
    }


def _plain(content: PageContent) -> str:
    """The answer to an ASK in a word, or a graph as Turtle."""
    if content.result is None or content.kind == "solutions":
        return ""
    if content.kind == "boolean":
        return "Yes" if msgspec.json.decode(content.result)["boolean"] else "No"
    return content.result.decode()


def render(content: PageContent) -> str:
    """The page, with the results of a query where there is one."""
    return render_template(
        "sparql.html",
        content=content,
        table=table(content),
        plain=_plain(content),
        most=MOST_ROWS,
        examples=examples(),
    )
