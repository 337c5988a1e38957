"""Arithmetic on date strings of the EDTF profile that :mod:`kg.model` describes.

``2019``, ``2019-07``, ``2019-07-04`` or an interval of two of them with either side empty
when open. Each stands for a first and a last day; that is how dates of different
precision are compared.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph

if TYPE_CHECKING:
    from kg.date_spans import DateSpan

_LAST_DAY = "9999-12-31"


def earliest(edtf: str) -> str:
    """The first day that a date may mean, as ISO; empty when it is open at the start."""
    first = edtf.partition("/")[0]
    return first + {4: "-01-01", 7: "-01", 10: "", 0: ""}[len(first)]


def latest(edtf: str) -> str:
    """The last day that a date may mean, as ISO; empty when it is open at the end."""
    first, slash, last = edtf.partition("/")
    last = last if slash else first
    if len(last) == 7:
        month = date.fromisoformat(f"{last}-01")
        return f"{last}-{monthrange(month.year, month.month)[1]}"
    return last + {4: "-12-31", 10: "", 0: ""}[len(last)]


def compatible(a: str, b: str) -> bool:
    """Whether two dates can be one and the same: equal, or one contains the other."""
    return a == b or _contains(a, b) or _contains(b, a)


def hull(spans: list[DateSpan]) -> str:
    """One period from the first day to the last day of several."""
    first = min(earliest(span.edtf) for span in spans)
    last = max(latest(span.edtf) for span in spans)
    return first if first == last else f"{first}/{last}"


def days(edtf: str) -> int:
    """How many days a period covers, both ends counted."""
    span = date.fromisoformat(latest(edtf)) - date.fromisoformat(earliest(edtf))
    return span.days + 1


def literal(edtf: str) -> pyoxigraph.Literal:
    """A typed RDF literal: gYear, gYearMonth or date; an interval is typed as EDTF."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    names = {4: f"{xsd}gYear", 7: f"{xsd}gYearMonth", 10: f"{xsd}date"}
    interval = "http://id.loc.gov/datatypes/edtf/EDTF"
    datatype = interval if "/" in edtf else names[len(edtf)]
    return pyoxigraph.Literal(edtf, datatype=pyoxigraph.NamedNode(datatype))


def _contains(outer: str, inner: str) -> bool:
    return earliest(outer) <= (earliest(inner) or "0") and (latest(outer) or _LAST_DAY) >= (
        latest(inner) or _LAST_DAY
    )


def exists(text: str) -> bool:
    """Whether the calendar has such a day, month or year."""
    try:
        date.fromisoformat(earliest(text))
    except ValueError:
        return False
    return True
