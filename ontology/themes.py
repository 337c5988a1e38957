"""The themes of ``themes.ttl``: ids and labels, for those who name them in words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, RdfFormat, parse

from ontology.iris import SCHEMES

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PREF = NamedNode(f"{_SKOS}prefLabel")
_DEFINITION = NamedNode(f"{_SKOS}definition")


def theme_labels() -> dict[str, str]:
    """Every theme's label by its id, in the order of the file."""
    return _texts(_PREF)


def theme_texts() -> list[str]:
    """Every theme's label and definition as one text, in the order of the file."""
    definitions = _texts(_DEFINITION)
    return [f"{label}. {definitions.get(ident, '')}" for ident, label in theme_labels().items()]


@cache
def _texts(predicate: NamedNode) -> dict[str, str]:
    prefix = f"{SCHEMES}theme/"
    quads = parse(files("ontology").joinpath("themes.ttl").read_bytes(), RdfFormat.TURTLE)
    return {
        quad.subject.value.removeprefix(prefix): quad.object.value
        for quad in quads
        if quad.predicate == predicate
        and quad.subject.value.startswith(prefix)
        and "/" not in quad.subject.value.removeprefix(prefix)
    }


def theme_label(theme: str) -> str:
    """The label of a theme; the id itself for one that the scheme lacks."""
    return theme_labels().get(theme, theme)
