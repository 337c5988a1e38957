"""The addresses of the vocabulary and of graphs, so that every IRI of ours leads somewhere.

/ontology         the terms, as a page or as RDF; each term is a fragment of it
/scheme/…         303 to a concept's page, or the RDF that the Accept header asks for
/graph/…          303 to the document that a graph is made from, or to a query of the graph;
                  programs are sent to the graph store
"""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ontology.iris import ONTOLOGY, Minter
from ontology.terms import LABEL, PREFIXES
from server.entities import chosen_form, see_other
from server.errors import not_found
from server.library import opened
from server.rdf import rdf_response

blueprint = Blueprint("vocabulary", __name__)

_DEFINED = {PREFIXES["skos"] + "definition": "definition", LABEL.value: "label"}


def _stated() -> list[ox.Triple]:
    """What the graph of the vocabulary says of the ontology and its terms."""
    generation = opened()
    held = generation.store.graph(Minter(generation.base).graph("ontology"))
    about = ONTOLOGY.rstrip("#")
    return [q.triple for q in held if str(q.subject).startswith(f"<{about}")]


def _terms(triples: list[ox.Triple]) -> list[dict[str, str]]:
    """Each term with its name in IRIs, its label and its definition, by name."""
    found: dict[str, dict[str, str]] = {}
    for subject, predicate, value in triples:
        name = str(subject)[1:-1].partition("#")[2]
        if name and predicate.value in _DEFINED and isinstance(value, ox.Literal):
            found.setdefault(name, {"id": name})[_DEFINED[predicate.value]] = value.value
    return [found[name] for name in sorted(found)]


@blueprint.get("/ontology")
def ontology() -> ResponseReturnValue:
    """All terms in one document."""
    form = chosen_form()
    triples = _stated()
    if form is not None:
        response = rdf_response(triples, form, opened().name)
    else:
        page = render_template("vocabulary.html", terms=_terms(triples))
        response = current_app.make_response(page)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/scheme/<path:name>")
def scheme(name: str) -> ResponseReturnValue:
    """See other: what tells of the scheme or concept."""
    return see_other("scheme", name)


@blueprint.get("/graph/<path:name>")
def graph(name: str) -> ResponseReturnValue:
    """See other: what is in the graph."""
    form = chosen_form()
    generation = opened()
    iri = f"{generation.base}graph/{name}"
    if "sparql.graph" not in current_app.view_functions:
        raise not_found(f"graph {name}")
    if form is not None:
        place = url_for("sparql.graph", graph=iri, format=form.media_type)
    elif name.startswith("document/"):
        slug = name.removeprefix("document/")
        place = url_for("entities.page", kind="document", slug=slug)
    else:
        query = f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} LIMIT 500"
        place = url_for("sparql.query", query=query)
    response = redirect(place, 303)
    response.headers["Vary"] = "Accept"
    return response
