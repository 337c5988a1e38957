"""What is loaded, for the home page and the API."""

from __future__ import annotations

from typing import Any

from search.opened import Opened
from server import searching


def status(generation: Opened) -> dict[str, Any]:
    """Counts, the period and the councils that the loaded documents cover."""
    documents = generation.catalogue.documents()
    dates = sorted(summary.date for summary in documents if summary.date)
    slugs = {summary.authority for summary in documents if summary.authority}
    names = {slug: searching.label(generation, "authority", slug) for slug in slugs}
    return {
        "generation": generation.name,
        "documents": len(documents),
        "passages": sum(summary.passages for summary in documents),
        "first_date": dates[0] if dates else None,
        "last_date": dates[-1] if dates else None,
        "authorities": [
            {"id": slug, "name": name} for slug, name in sorted(names.items(), key=lambda p: p[1])
        ],
        "model": generation.generation.manifest.embedder,
        "counts": generation.generation.manifest.counts,
        "warning": generation.generation.warning or None,
    }
