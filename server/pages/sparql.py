"""The page on which people write SPARQL and read the results."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import render_template

from ontology.examples import examples
from server.charts.results import result_chart
from server.sparql.protocol import PageContent

MOST_ROWS = 500
"""Rows that the page shows; the formats for programs give all."""


def table(content: PageContent) -> dict[str, Any] | None:
    """Columns and rows of a SELECT's results, and their chart, as the template shows them."""
    if content.result is None or content.kind != "solutions":
        return None
    found = msgspec.json.decode(content.result)
    rows = found["results"]["bindings"]
    return {
        "columns": found["head"]["vars"],
        "rows": [[row.get(name) for name in found["head"]["vars"]] for row in rows[:MOST_ROWS]],
        "total": len(rows),
        "chart": result_chart(found["head"]["vars"], rows),
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
