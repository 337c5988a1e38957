"""Values in words: dates as people write them, numbers without needless decimals."""

from __future__ import annotations

import calendar
import re
from decimal import Decimal

_MONTHS = calendar.month_name[1:]


def date_words(edtf: str) -> str:
    """``2019-07-04`` as "4 July 2019"; periods as "17 September 2018 to 28 September 2018"."""
    if not edtf:
        return ""
    if "/" in edtf:
        first, last = edtf.split("/")
        return " to ".join(filter(None, (first and date_words(first), last and date_words(last))))
    year, *rest = edtf.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def number_words(text: str) -> str:
    """A decimal without zeros at its end; other text as it is."""
    if not re.fullmatch(r"-?\d+\.\d+", text):
        return text
    number = Decimal(text).normalize()
    return f"{number:f}"
