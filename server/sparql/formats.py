"""The formats that answers come in, by media type and by short name."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from server.negotiate import Offer, choose
from server.sparql.errors import BadRequest, NotAcceptable


class Format(NamedTuple):
    """A short name for ``format=``, the media type sent, and what else clients call it."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The header to send, with its charset where the type is text."""
        return self.media_type + ("; charset=utf-8" if self.charset else "")


RESULTS = (
    Format("json", "application/sparql-results+json", ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Format("csv", "text/csv", charset=True),
    Format("tsv", "text/tab-separated-values", charset=True),
)
GRAPHS = (
    Format("turtle", "text/turtle", ("application/x-turtle",), charset=True),
    Format("nt", "application/n-triples", ("text/plain",)),
    Format("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", ("application/json",)),
    Format("trig", "application/trig"),
    Format("nq", "application/n-quads"),
    Format("n3", "text/n3", ("text/rdf+n3",), charset=True),
)
_SAME = {
    "json": "jsonld",
    "json-ld": "jsonld",
    "n-quads": "nq",
    "n-triples": "nt",
    "nquads": "nq",
    "ntriples": "nt",
    "rdf": "rdfxml",
    "rdf+xml": "rdfxml",
    "ttl": "turtle",
    "xml": "rdfxml",
}


def pick(offered: tuple[Format, ...], accept: str, named: str = "") -> Format | None:
    """The format to send; ``named`` (from ``format=``) goes before the Accept header."""
    if named:
        return _by_name(offered, named)
    offers = [Offer(form.media_type, form.also) for form in offered]
    best = choose(accept, offers)
    return None if best is None else offered[best]


def _by_name(offered: tuple[Format, ...], named: str) -> Format | None:
    wanted = named.strip().lower()
    for form in offered:
        if wanted in (form.name, form.media_type, *form.also):
            return form
    return next((form for form in offered if form.name == _SAME.get(wanted)), None)


@lru_cache(maxsize=512)
def known(named: str) -> bool:
    """Whether ``format=`` names a format at all."""
    return any(_by_name(offered, named) for offered in (RESULTS, GRAPHS))


def _check_name(named: str) -> None:
    if named and not known(named):
        names = ", ".join(form.name for form in (*RESULTS, *GRAPHS))
        raise BadRequest(f"There is no format '{named[:40]}'.", cure=f"Use one of: {names}.")


@lru_cache(maxsize=512)
def for_form(form: str, accept: str, named: str = "") -> tuple[Format | None, Format | None]:
    """Formats for solutions and for graphs; NotAcceptable when the query's form has none."""
    _check_name(named)
    solutions, graph = pick(RESULTS, accept, named), pick(GRAPHS, accept, named)
    is_graph = form in {"CONSTRUCT", "DESCRIBE"}
    if (graph if is_graph else solutions) is None:
        raise not_acceptable(GRAPHS if is_graph else RESULTS)
    return solutions, graph


def for_graph(accept: str, named: str = "") -> Format:
    """The format for a graph; NotAcceptable when there is none."""
    _check_name(named)
    chosen = pick(GRAPHS, accept, named)
    if chosen is None:
        raise not_acceptable(GRAPHS)
    return chosen


def not_acceptable(offered: tuple[Format, ...]) -> NotAcceptable:
    """The refusal that lists what is offered."""
    return NotAcceptable(
        "None of the formats that are asked for can be given.",
        cure="Accept one of: " + ", ".join(form.media_type for form in offered) + ".",
    )
