"""The JSON-LD context of the vocabulary, made from the ontology itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from pyoxigraph import NamedNode

from ontology.iris import ONTOLOGY
from ontology.schemes import turtle
from ontology.terms import PREFIXES, TYPE

_REUSED = {
    "label": "rdfs:label",
    "title": "dcterms:title",
    "description": "dcterms:description",
    "date": "dcterms:date",
    "issued": "dcterms:issued",
    "prefLabel": "skos:prefLabel",
    "altLabel": "skos:altLabel",
    "notation": "skos:notation",
    "exact": "oa:exact",
    "start": "oa:start",
    "end": "oa:end",
    "startDate": "schema:startDate",
    "endDate": "schema:endDate",
}
_REUSED_THINGS = {
    "isPartOf": "dcterms:isPartOf",
    "hasSelector": "oa:hasSelector",
    "wasDerivedFrom": "prov:wasDerivedFrom",
    "wasAttributedTo": "prov:wasAttributedTo",
    "postIn": "org:postIn",
    "subOrganizationOf": "org:subOrganizationOf",
    "inScheme": "skos:inScheme",
    "broader": "skos:broader",
}


@cache
def context() -> dict[str, Any]:
    """Prefixes, the classes and properties of the ontology, and the terms it reuses most.

    Whether a property points to things is as the ontology says. Names that both the ontology
    and another vocabulary have mean the ontology's.
    """
    terms: dict[str, Any] = {"id": "@id", "type": "@type"}
    terms |= {str(name): iri for name, iri in PREFIXES.items()}
    terms |= _REUSED
    terms |= {name: {"@id": iri, "@type": "@id"} for name, iri in _REUSED_THINGS.items()}
    terms |= _own()
    return {"@version": 1.1, **terms}


def _own() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for quad in turtle():
        subject, kind = quad.subject, quad.object
        if quad.predicate != TYPE or not isinstance(subject, NamedNode):
            continue
        name = subject.value.removeprefix(ONTOLOGY)
        if name == subject.value or not isinstance(kind, NamedNode):
            continue
        match kind.value.rpartition("#")[2]:
            case "ObjectProperty":
                found[name] = {"@id": f"fg:{name}", "@type": "@id"}
            case "DatatypeProperty" | "Class":
                found[name] = f"fg:{name}"
    return found
