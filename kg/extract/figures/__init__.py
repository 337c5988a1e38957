"""Figures: cells of tables, numbers in running text, and sums that do not add up."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.context import Context
from kg.extract.figures import arithmetic, prose, tables
from kg.model import Claim, Document


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Every figure that the document prints, then the stated changes that are wrong."""
    yield from tables.extract(document)
    yield from prose.extract(document, context)
    yield from arithmetic.extract(document, context)
