"""Dates and periods as public documents print them, kept to the precision they have.

Values are strings of the EDTF profile of :mod:`kg.model`: ``2019``, ``2019-07``,
``2019-07-04`` or an interval ``2018-09-17/2018-09-28``, either side empty when open.
Numeric dates are read day first, as British documents print them.

    >>> [span.edtf for span in find("visited on 11 June 2019, again 9–24 November 2017")]
    ['2019-06-11', '2017-11-09/2017-11-24']
"""

from __future__ import annotations

from kg.date_spans import DateSpan, find
from kg.edtf import compatible, days, earliest, hull, latest, literal
from kg.relative_dates import resolve_relative

__all__ = [
    "DateSpan",
    "compatible",
    "days",
    "earliest",
    "find",
    "hull",
    "latest",
    "literal",
    "resolve_relative",
]
