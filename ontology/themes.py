"""The themes of ``themes.ttl``: ids and labels, for those who name them in words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, RdfFormat, parse

from ontology.iris import SCHEMES

_PREF = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


@cache
def theme_labels() -> dict[str, str]:
    """Every theme's label by its id, in the order of the file."""
    prefix = f"{SCHEMES}theme/"
    quads = parse(files("ontology").joinpath("themes.ttl").read_bytes(), RdfFormat.TURTLE)
    return {
        quad.subject.value.removeprefix(prefix): quad.object.value
        for quad in quads
        if quad.predicate == _PREF
        and quad.subject.value.startswith(prefix)
        and "/" not in quad.subject.value.removeprefix(prefix)
    }


def theme_label(theme: str) -> str:
    """The label of a theme; the id itself for one that the scheme lacks."""
    return theme_labels().get(theme, theme)
