"""What there is to be had, for programs: VoID and DCAT, dumps, and the JSON-LD context.

``/.well-known/void`` tells what the graph tells of itself (graph ``void``), and where the data
can be had from this service.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request, send_file, url_for

from kg.quads.dataset import GRAPH, dataset
from ontology.iris import Minter
from ontology.terms import TYPE, term
from search.export import NAMES, write_one
from search.opened import Opened
from server.errors import Problem, Refused, not_found
from server.library import opened
from server.negotiate import Offer, choose
from server.rdf import FORMS, context, rdf_response

blueprint = Blueprint("discovery", __name__)

MEDIA = {
    ".nq.gz": "application/n-quads",
    ".trig.gz": "application/trig",
    ".jsonld.gz": "application/ld+json",
    ".json": "application/json",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The data set, in the RDF form that is accepted; Turtle where anything is."""
    offers = [Offer(form.media_type) for form in FORMS]
    place = choose(request.headers.get("Accept", "") or "text/turtle", offers)
    if place is None:
        place = 0 if "text/html" in request.headers.get("Accept", "") else None
    if place is None:
        offered = ", ".join(form.media_type for form in FORMS)
        raise Refused(Problem(406, "No form that you accept can be given.", cure=offered))
    generation = opened()
    graph = Minter(generation.base).graph(GRAPH)
    held = (quad.triple for quad in generation.store.graph(graph))
    response = rdf_response([*held, *_here(generation)], FORMS[place], generation.name)
    response.headers["Vary"] = "Accept"
    return response


def _here(generation: Opened) -> Iterator[ox.Triple]:
    """Where this service gives the data set."""
    whole = dataset(Minter(generation.base))
    if "sparql.query" in current_app.view_functions:
        endpoint = ox.NamedNode(url_for("sparql.query", _external=True))
        yield ox.Triple(whole, term("void", "sparqlEndpoint"), endpoint)
    landing = ox.NamedNode(url_for("pages.data", _external=True))
    yield ox.Triple(whole, term("dcat", "landingPage"), landing)
    search = ox.NamedNode(url_for("api.openapi", _external=True))
    yield ox.Triple(whole, term("dcterms", "conformsTo"), search)
    for name in NAMES:
        yield from _distribution(whole, name)


def _distribution(whole: ox.NamedNode, name: str) -> Iterator[ox.Triple]:
    place = ox.NamedNode(url_for("discovery.dump", name=name, _external=True))
    yield ox.Triple(whole, term("dcat", "distribution"), place)
    yield ox.Triple(place, TYPE, term("dcat", "Distribution"))
    yield ox.Triple(place, term("dcterms", "title"), ox.Literal(name))
    yield ox.Triple(place, term("dcat", "downloadURL"), place)
    yield ox.Triple(place, term("dcat", "mediaType"), ox.Literal(media_type(name)))
    if name.endswith(".gz"):
        yield ox.Triple(whole, term("void", "dataDump"), place)


def media_type(name: str) -> str:
    """The media type of a dump by its name, of what is inside where it is compressed."""
    return next(kind for suffix, kind in MEDIA.items() if name.endswith(suffix))


_folders: WeakKeyDictionary[Opened, Path] = WeakKeyDictionary()
_lock = threading.Lock()


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """One file with all the data, made when it is first asked for."""
    if name not in NAMES:
        raise not_found(f"file {name}")
    generation = opened()
    path = made(generation, name)
    packed = name.endswith(".gz")
    response = send_file(
        path,
        mimetype="application/gzip" if packed else media_type(name),
        as_attachment=True,
        download_name=name,
        etag=f"{generation.name}-{name}",
        conditional=True,
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def made(generation: Opened, name: str) -> Path:
    """The file, kept until its generation is served no more."""
    with _lock:
        folder = _folders.get(generation)
        if folder is None:
            folder = _folders[generation] = Path(tempfile.mkdtemp(prefix="findings-dumps-"))
            weakref.finalize(generation, shutil.rmtree, folder, ignore_errors=True)
        path = folder / name
        if not path.exists():
            fresh = folder / "fresh"
            fresh.mkdir(exist_ok=True)
            write_one(generation, name, fresh).rename(path)
        return path


@cache
def _context() -> bytes:
    return context()


@blueprint.get("/context/v1.jsonld")
def jsonld_context() -> Response:
    """The JSON-LD context of the ontology and the vocabularies it reuses."""
    response = Response(_context(), content_type="application/ld+json")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    response.make_conditional(request)
    return response
