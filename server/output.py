"""What commands print: data on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

_ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def data(value: Any) -> None:
    """One JSON value and a line end."""
    plain = msgspec.to_builtins(value)
    json.dump(plain, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Rows for people to read."""
    drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*(_cell(row.get(column)) for column in columns))
    console().print(drawn)


def console() -> Console:
    """Standard output for people: as wide as the terminal, unbroken in a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def line(text: str = "") -> None:
    """One line of data."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A word to the person at the terminal."""
    _ERR.print(text, markup=False)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            return ", ".join(map(_cell, value))
        case {"title": title}:
            return str(title)
        case _:
            return str(value)
