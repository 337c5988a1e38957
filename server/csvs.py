"""Lists as CSV for spreadsheet programs.

A cell that a spreadsheet would take for a formula is preceded by an apostrophe (OWASP's
advice); byte-exact values are to be had from the API.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "﻿"


def safe_cell(value: object) -> str:
    """The text of a cell that no spreadsheet runs.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(
    name: str, fields: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> Response:
    """Rows as a download; the mark at its start tells spreadsheets that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(fields)
    for row in rows:
        writer.writerow([safe_cell(row.get(field)) for field in fields])
    response = Response(BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
