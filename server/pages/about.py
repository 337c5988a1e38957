"""What the page of a body or a post shows besides its own statements."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import url_for

from ontology.terms import PREFIXES
from search.describe import Thing
from search.facts import Fact, Filters
from search.opened import Opened
from server.pages.lists import lists

NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel")
SHOWN = 10
"""Findings that the page shows; a link leads to all."""


def about(generation: Opened, thing: Thing, kind: str, slug: str) -> dict[str, Any]:
    """Findings about a body or post, and relations in which it stands; nothing for others."""
    if kind not in ("organisation", "post"):
        return {}
    names = tuple(v.text for p in thing.properties if p.iri in NAMES for v in p.values)
    authority = slug.partition("/")[0]
    loaded = {s.authority for s in generation.catalogue.documents()}
    wanted = Filters(about=names, authority=(authority,) if authority in loaded else ())
    query = [("about", name) for name in names] + [("authority", a) for a in wanted.authority]
    return {
        "findings": generation.facts.list("findings", SHOWN, 0, wanted),
        "finding_columns": lists()["findings"].columns,
        "findings_total": generation.facts.count("findings", wanted),
        "findings_address": f"{url_for('pages.findings')}?{urlencode(query)}",
        "relations": [r for r in generation.facts.list("relations") if _concerns(r, kind, slug)],
    }


def _concerns(relation: Fact, kind: str, slug: str) -> bool:
    return f"{kind}/{slug}" in (relation["subject_iri"], relation["object_iri"])
