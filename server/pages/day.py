"""The date that a form asks for in three fields, of which the last one or two suffice."""

from __future__ import annotations

from datetime import date

import msgspec
from flask import request

PARTS = ("day", "month", "year")


class AskedDay(msgspec.Struct, frozen=True):
    """What was written, the EDTF date it makes ('' where none), and what is wrong with it."""

    written: dict[str, str]
    edtf: str = ""
    mistake: str = ""


def asked_day() -> AskedDay:
    """The date of the request.

    >>> # ?month=6&year=2019 gives AskedDay(edtf="2019-06")
    """
    written = {part: request.args.get(part, "").strip()[:10] for part in PARTS}
    if not any(written.values()):
        return AskedDay(written)
    edtf = _edtf(**written)
    if edtf is None:
        return AskedDay(written, mistake="Enter a real date, for example 27 3 2019 or 3 2019.")
    return AskedDay(written, edtf)


def _edtf(day: str, month: str, year: str) -> str | None:
    """The date with the precision in which it was given; None where there is no such day."""
    if not all(part.isascii() and part.isdigit() for part in (day, month, year) if part):
        return None
    if len(year) != 4 or (day and not month):
        return None
    try:
        found = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return found[: 10 if day else 7 if month else 4]
