"""RDF answers: the forms that triples can be had in, and JSON-LD by the published context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn

import msgspec
import pyoxigraph as ox
from flask import Response, request, url_for
from pyld import jsonld

from ontology.context import context as terms
from ontology.terms import PREFIXES


class Form(NamedTuple):
    """A form in which a thing is told about: suffix of the address, media type, name."""

    suffix: str
    media_type: str
    name: str
    rdf: ox.RdfFormat


FORMS = (
    Form(".ttl", "text/turtle", "Turtle", ox.RdfFormat.TURTLE),
    Form(".jsonld", "application/ld+json", "JSON-LD", ox.RdfFormat.JSON_LD),
    Form(".nt", "application/n-triples", "N-Triples", ox.RdfFormat.N_TRIPLES),
    Form(".rdf", "application/rdf+xml", "RDF/XML", ox.RdfFormat.RDF_XML),
)


def rdf_response(triples: Iterable[ox.Triple], form: Form, generation: str) -> Response:
    """The triples in a form; ``?context=inline`` gives JSON-LD that needs no other file."""
    inline = request.args.get("context") == "inline"
    if form.rdf == ox.RdfFormat.JSON_LD:
        address = None if inline else url_for("discovery.jsonld_context", _external=True)
        body = compact(triples, address)
    else:
        prefixes = {str(name): iri for name, iri in PREFIXES.items()}
        body = ox.serialize(triples, format=form.rdf, prefixes=prefixes) or b""
    response = Response(body, content_type=f"{form.media_type}; charset=utf-8")
    response.set_etag(f"{generation}-{form.suffix.strip('.')}{'-inline' if inline else ''}")
    response.make_conditional(request)
    return response


def compact(triples: Iterable[ox.Triple], address: str | None) -> bytes:
    """JSON-LD in the terms of the context, which is named by its address or stands inside."""
    quads = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    expanded = jsonld.from_rdf(quads.decode(), {"format": "application/n-quads"})
    options = {"documentLoader": _offline}
    short: dict[str, Any] = jsonld.compact(expanded, {"@context": terms()}, options)
    short["@context"] = address or terms()
    return msgspec.json.encode(short)


def context() -> bytes:
    """The context as a document."""
    return msgspec.json.format(msgspec.json.encode({"@context": terms()}), indent=1)


def _offline(url: str, options: object) -> NoReturn:
    raise jsonld.JsonLdError(f"{url} is not loaded here.", "jsonld.LoadDocumentError")
