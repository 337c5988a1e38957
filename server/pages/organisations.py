"""Organisations and partners: how documents relate them, drawn and as a table, and the list."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from search.facts import every
from server.charts.network import network_chart, numbered
from server.library import opened
from server.pages import blueprint
from server.pages.filtering import filters, one_authority
from server.pages.lists import listed


@blueprint.get("/organisations")
def organisations() -> ResponseReturnValue:
    """The bodies under the request's filters; those of one council also as a network."""
    facts, authority = opened().facts, one_authority(opened())
    relations = facts.list("relations", filters=filters())
    bodies = list(every(facts, "organisations", filters())) if authority else []
    return render_template(
        "organisations.html",
        **listed("organisations"),
        authority=authority,
        relations=numbered(relations),
        chart=network_chart(bodies, relations) if authority else None,
    )
