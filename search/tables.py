"""Rows as files for other programs: JSON, CSV, and XLSX for spreadsheet programs.

Spreadsheet programs run text that begins with a sign such as ``=``. In ``*.csv`` values stand
as they are, for programs that read data; ``*.spreadsheet.csv`` puts an apostrophe before such
a cell, and ``*.xlsx`` marks it as text, which changes nothing in it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Rows = Sequence[Mapping[str, Any]]

_LIVE = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold; some PDFs have U+FFFE where a line was hyphenated."""

_MOST_CHARACTERS = 32_767
"""Of a cell, in the spreadsheet programs' own format."""


def write_json(rows: Rows, path: Path) -> None:
    """The rows as they are."""
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_csv(rows: Rows, path: Path) -> None:
    """Values byte for byte, for programs."""
    _csv(rows, path, plain)


def write_spreadsheet_csv(rows: Rows, path: Path) -> None:
    """Values that no spreadsheet program runs."""
    _csv(rows, path, safe)


def write_xlsx(rows: Rows, path: Path) -> None:
    """One sheet with a heading row; numbers are numbers, all else is text and never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.freeze_panes = "A2"
    names = columns(rows)
    sheet.append([_text_cell(sheet, name, bold=True) for name in names])
    for row in rows:
        sheet.append([_cell(sheet, row.get(name)) for name in names])
    book.save(path)


WRITERS: dict[str, Callable[[Rows, Path], None]] = {
    ".json": write_json,
    ".csv": write_csv,
    ".spreadsheet.csv": write_spreadsheet_csv,
    ".xlsx": write_xlsx,
}
"""How rows are written, by the end of a file's name."""


def columns(rows: Rows) -> list[str]:
    """The names of all fields, in order of their first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def plain(value: Any) -> str:
    """The text of a value; of a document its id; lists and mappings as JSON."""
    match value:
        case None:
            return ""
        case {"id": ident}:
            return str(ident)
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def safe(value: Any) -> str:
    """The text of a value that no spreadsheet program runs.

    >>> safe("=1+1")
    "'=1+1"
    """
    text = plain(value)
    return f"'{text}" if text.startswith(_LIVE) and not _is_number(value) else text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _csv(rows: Rows, path: Path, cell: Callable[[Any], str]) -> None:
    names = columns(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        writer.writerows([cell(row.get(name)) for name in names] for row in rows)


def _cell(sheet: Any, value: Any) -> Any:
    return value if value is None or _is_number(value) else _text_cell(sheet, plain(value))


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, _NOT_XML.sub(" ", text)[:_MOST_CHARACTERS])
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_LIVE)
    if bold:
        cell.font = Font(bold=True)
    return cell
