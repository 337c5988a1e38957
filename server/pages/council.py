"""One council's page: what keeps coming back there, what was asked of it, and the way to the rest.

A scrutiny officer works for one council; from the home page it is one choice away.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from search.opened import Opened
from search.repeated import repeated
from server import searching
from server.errors import not_found
from server.library import opened
from server.pages import blueprint
from server.pages.commitments import STATE_NAMES, Line, lines_of
from server.pages.documents import listed
from server.pages.filtering import loaded_authorities, one_authority, values
from server.pages.repeated import events_of

STRONGEST = 5
LATEST = 5
"""Repeated findings, commitments and documents that are shown; each list has a page with all."""

OTHERS = (
    ("inspections", "Inspections and grades"),
    ("comparison", "Compare two inspections or visits"),
    ("figures", "Figures"),
    ("posts", "Who held which post"),
    ("organisations", "Organisations and partners"),
    ("disagreements", "Where documents disagree"),
    ("missing", "Documents that are missing"),
    ("changes", "What changed, with a feed to follow"),
)
"""Pages that tell of one council under the filter ``authority``."""


@blueprint.get("/council")
def council() -> ResponseReturnValue:
    """The council of the request, or the choice of one."""
    generation = opened()
    chosen = values("authority")
    if not chosen and (only := one_authority(generation)):
        return redirect(url_for("pages.council", authority=only), 303)
    if not chosen:
        return render_template("council.html", councils=councils(generation), slug="")
    slug = chosen[0]
    if slug not in loaded_authorities(generation):
        raise not_found(f"document about {slug[:80]}")
    return render_template("council.html", slug=slug, **_told(generation, slug))


def councils(generation: Opened) -> list[dict[str, str]]:
    """The councils of the loaded documents by name, for a choice."""
    named = {
        slug: searching.label(generation, "authority", slug)
        for slug in loaded_authorities(generation)
    }
    ordered = sorted(named.items(), key=lambda pair: pair[1].lower())
    return [{"value": slug, "text": text} for slug, text in ordered]


def _told(generation: Opened, slug: str) -> dict[str, Any]:
    issues = repeated(generation.facts, slug)
    lines: list[Line] = lines_of(generation)
    found = listed(generation)
    return {
        "issues": issues[:STRONGEST],
        "issues_total": len(issues),
        "events_of": events_of,
        "lines": lines[:LATEST],
        "lines_total": len(lines),
        "state_names": STATE_NAMES,
        "documents": found[:LATEST],
        "documents_total": len(found),
        "others": OTHERS,
    }
