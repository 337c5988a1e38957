"""Addresses of our own pages."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import url_for

from server.library import opened


def thing_address(path: str) -> str:
    """The page of a thing, by the part of its IRI after ``{base}id/``."""
    kind, _, slug = path.partition("/")
    return url_for("entities.page", kind=kind, slug=slug)


def reader_address(document: str, start: int, end: int) -> str:
    """The document reader, opened at a quotation."""
    return f"{thing_address(f'document/{document}')}?{urlencode({'start': start, 'end': end})}#q"


def thing_page(iri: str) -> str:
    """The page of a thing by its IRI; '' for an IRI that is not ours."""
    start = f"{opened().base}id/"
    return thing_address(iri.removeprefix(start)) if iri.startswith(start) else ""
