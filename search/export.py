"""Taking the data away: the graph as N-Quads and TriG, and each kind of fact as CSV and JSON.

The CSV files hold values as they are. Spreadsheet programs run cells that begin with a sign
such as ``=``; for them each such cell gets a leading apostrophe in ``*.spreadsheet.csv``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, serialize

from ontology.terms import PREFIXES
from search.facts import KINDS, every
from search.listing import every_finding
from search.opened import Opened
from search.repeated import repeated

_LIVE = ("=", "+", "-", "@", "\t", "\r")


def export(opened: Opened, folder: Path) -> Iterator[Path]:
    """Write everything below ``folder`` and name each file once it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    prefixes = {str(name): iri for name, iri in PREFIXES.items()}
    for name, form in (("graph.nq", RdfFormat.N_QUADS), ("graph.trig", RdfFormat.TRIG)):
        with (folder / name).open("wb") as out:
            serialize(opened.store.quads(), output=out, format=form, prefixes=prefixes)
        yield folder / name
    for kind in KINDS:
        yield from _rows(folder, kind, list(every(opened.facts, kind)))
    yield from _rows(folder, "findings", list(every_finding(opened.facts)))
    yield from _rows(folder, "repeated", repeated(opened.facts))


def _rows(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> Iterator[Path]:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    yield path
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for suffix, cell in ((".csv", _plain), (".spreadsheet.csv", _safe)):
        path = folder / f"{name}{suffix}"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
        yield path


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case {"id": ident}:
            return str(ident)
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _safe(value: Any) -> str:
    text = _plain(value)
    return f"'{text}" if text.startswith(_LIVE) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
