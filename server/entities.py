"""Things by their addresses: ``/id/…`` names a thing, ``/doc/…`` tells about it.

A thing is not a web page, so ``/id/{type}/{slug}`` answers 303 and sends people to the
page and programs to the RDF that they accept. The page's address with ``.ttl``,
``.jsonld``, ``.nt`` or ``.rdf`` gives the same without negotiation.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ontology.iris import SCHEMES
from ontology.terms import PREFIXES
from search.describe import Describer, Property
from server.errors import Problem, Refused, not_found
from server.library import opened
from server.negotiate import Offer, choose
from server.pages.about import about
from server.pages.documents import reader_page
from server.pages.feeds import feed_of
from server.pages.issue import issue_page
from server.paging import PER_PAGE, Paging, links, page_number
from server.rdf import FORMS, Form, rdf_response
from server.reader import passage_anchor

blueprint = Blueprint("entities", __name__)


HIDDEN = {
    PREFIXES["rdf"] + "type",
    PREFIXES["rdfs"] + "label",
    PREFIXES["dcterms"] + "title",
    PREFIXES["schema"] + "startDate",
    PREFIXES["schema"] + "endDate",
    PREFIXES["oa"] + "hasSelector",
    PREFIXES["oa"] + "exact",
    PREFIXES["oa"] + "start",
    PREFIXES["oa"] + "end",
    PREFIXES["prov"] + "wasDerivedFrom",
    PREFIXES["prov"] + "wasAttributedTo",
    PREFIXES["fg"] + "earliest",
    PREFIXES["fg"] + "latest",
    PREFIXES["fg"] + "inDocument",
    PREFIXES["fg"] + "confidence",
    PREFIXES["fg"] + "basis",
}
"""What a page shows in another way, or not at all; the RDF forms have everything."""

NAMES = {
    PREFIXES["dcterms"] + "date": "date",
    PREFIXES["skos"] + "altLabel": "also called",
    PREFIXES["org"] + "postIn": "post in",
    PREFIXES["org"] + "subOrganizationOf": "part of",
    PREFIXES["dcterms"] + "isPartOf": "part of",
    PREFIXES["qb"] + "dataSet": "set of figures",
}
"""Words for properties of vocabularies whose labels are not loaded."""


def _not_acceptable() -> Refused:
    offered = ", ".join(("text/html", *(form.media_type for form in FORMS)))
    return Refused(
        Problem(406, "None of the forms that you accept can be given.", cure=f"Accept {offered}.")
    )


def chosen_form() -> Form | None:
    """The RDF form that the Accept header asks for, None for a page; else Refused with 406."""
    types = ["text/html", *(form.media_type for form in FORMS)]
    offers = [Offer(types[0], ("application/xhtml+xml",)), *map(Offer, types[1:])]
    place = choose(request.headers.get("Accept", ""), offers)
    if place is None:
        raise _not_acceptable()
    return FORMS[place - 1] if place else None


def see_other(kind: str, slug: str) -> ResponseReturnValue:
    """303 to the page about a thing, or to the RDF that the Accept header asks for."""
    form = chosen_form()
    suffix = form.suffix if form else ""
    response = redirect(url_for("entities.page", kind=kind, slug=slug + suffix), 303)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/id/<kind>/<path:slug>")
def identifier(kind: str, slug: str) -> ResponseReturnValue:
    """See other: the page, or the RDF that the Accept header asks for."""
    return see_other(kind, slug)


def _iri(kind: str, slug: str) -> str:
    """The IRI of a thing; concepts belong to the vocabulary and not to this graph's base."""
    return f"{SCHEMES}{slug}" if kind == "scheme" else f"{opened().base}id/{kind}/{slug}"


@blueprint.get("/doc/<kind>/<path:slug>")
def page(kind: str, slug: str) -> ResponseReturnValue:
    """The page about a thing, or one of its RDF forms by suffix."""
    for form in FORMS:
        if slug.endswith(form.suffix):
            return _rdf(kind, slug.removesuffix(form.suffix), form)
    if kind == "document":
        return reader_page(slug)
    if kind == "passage":
        return _passage(slug)
    if kind == "issue":
        return issue_page(slug)
    return _thing(kind, slug)


def _rdf(kind: str, slug: str, form: Form) -> Response:
    generation = opened()
    iri = _iri(kind, slug)
    triples = Describer(generation.graph, generation.base).triples(iri)
    if not triples:
        raise not_found(f"{kind} {slug}")
    response = rdf_response(triples, form, generation.name)
    response.headers["Link"] = f'<{iri}>; rel="describes"'
    return response


def _passage(passage_id: str) -> ResponseReturnValue:
    """The reader, at the passage."""
    passage = opened().catalogue.passage(passage_id)
    if passage is None:
        raise not_found(f"passage {passage_id}")
    address = url_for("entities.page", kind="document", slug=passage.document)
    return redirect(f"{address}#{passage_anchor(passage.id)}", 303)


def _thing(kind: str, slug: str) -> ResponseReturnValue:
    generation = opened()
    paging = Paging(page_number(), 0)
    describer = Describer(generation.graph, generation.base)
    thing = describer.thing(_iri(kind, slug), PER_PAGE, paging.offset)
    if thing is None:
        raise not_found(f"{kind} {slug}")
    paging = Paging(paging.number, thing.said_total)
    return render_template(
        "thing.html",
        thing=thing,
        kind=kind,
        slug=slug,
        shown=[p for p in thing.properties if p.iri not in HIDDEN and (p.label or p.iri in NAMES)],
        names=NAMES,
        certainty=_confidence(thing.properties),
        document=lambda iri: generation.facts.documents[iri],
        forms=FORMS,
        feed=feed_of(kind, slug),
        paging=paging,
        pagination=links(paging),
        **about(generation, thing, kind, slug),
    )


def _confidence(properties: tuple[Property, ...]) -> float | None:
    """How surely a claim was read, where the thing is a claim."""
    stated = (p.values[0].text for p in properties if p.iri == PREFIXES["fg"] + "confidence")
    return next(map(float, stated), None)
