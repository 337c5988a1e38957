"""The text of a list's query: its file with filters and the page that is wanted.

>>> ListQuery("posts", "https://example.org/").page(limit=10, offset=0)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import pyoxigraph as ox

from kg.errors import QueryError
from ontology.iris import SCHEMES

ENTITIES = {
    "events": "?claim fg:event ?iri ; a fg:EventMention .",
    "inspections": "?claim fg:event ?iri ; a fg:EventMention .",
    "missing": "?claim fg:event|fg:earlierEvent|fg:retells|fg:directionSince ?iri .",
    "posts": "?claim fg:post ?iri ; a fg:PostMention .",
    "tenures": "?claim fg:tenure ?iri ; a fg:TenureClaim .",
    "organisations": "?claim fg:organisation ?iri ; a fg:OrganisationMention .",
}
"""Kinds of things that have no place of their own, and how documents mention them."""

MIXED = ("events", "inspections", "missing")
"""Kinds whose rows are of several types, so that an id keeps its type."""


class Filters(msgspec.Struct, frozen=True):
    """What rows must be about: authorities by slug, documents by id. Empty lets all pass.

    ``theme``, ``polarity`` (concepts), ``event`` (``inspection/…``) and ``about`` (the name of
    a body or post) are for findings; ``theme`` is for counts by theme too.
    """

    authority: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@cache
def text_of(name: str) -> str:
    """A query file by its name; QueryError where there is none."""
    path = files("search") / "queries" / f"{name}.rq"
    if not path.is_file():
        raise QueryError(f"There are no facts of kind '{name}'.", cure="See 'findings facts -h'.")
    return path.read_text(encoding="utf-8")


def iri(text: str) -> str:
    """An IRI as SPARQL writes it; for text that no IRI can hold, one that names nothing."""
    try:
        return str(ox.NamedNode(text))
    except ValueError:
        return "<urn:nothing>"


def mentions(kind: str, iris: Iterable[str]) -> str:
    """The query for the places where things of a kind are mentioned."""
    only = f"VALUES ?iri {{ {' '.join(iris)} }} {ENTITIES[kind]}"
    return text_of("mentions").replace("#FILTERS", only, 1)


BY_THEME = ("looked", "matrix")
"""Kinds of counts by theme."""

OF_DOCUMENTS = ("cites", "cited_by", "marks")
"""Kinds of which a store joins from the documents that are named."""


def judged(documents: Iterable[str]) -> str:
    """The query for judgements that stand in these documents, or that they tell again."""
    only = f"VALUES ?in {{ {' '.join(documents)} }}"
    return (
        f"SELECT DISTINCT ?iri WHERE {{ {only} {{ ?iri fg:inDocument ?in ; a fg:Judgement }} UNION "
        "{ ?again fg:inDocument ?in ; fg:sameJudgement ?iri } }"
    )


class ListQuery:
    """The query of one list under filters."""

    def __init__(
        self,
        kind: str,
        base: str,
        filters: Filters = Filters(),  # noqa: B008
        among: Iterable[str] | None = None,
    ) -> None:
        """``among`` are the IRIs of the only rows that are wanted, where they are known."""
        self._kind, self._base = kind, base
        conditions = "\n".join(self._conditions(filters))
        if among is not None:
            conditions = f"VALUES ?iri {{ {' '.join(map(iri, among))} }}\n{conditions}"
        self._text = text_of(kind).replace("#FILTERS", conditions, 1)

    def page(self, limit: int, offset: int) -> str:
        """The query for one page; only its rows are filled in."""
        page = f"LIMIT {limit:d} OFFSET {offset:d}"
        if "#PAGE" in self._text:
            return self._text.replace("#PAGE", page, 1)
        return f"{self._text}\n{page}"

    def rows(self, iris: Iterable[str]) -> str:
        """The query for some rows by their IRIs, for a list with a page of its own."""
        head, mark, tail = self._text.partition("#ROWS")
        only = f"WHERE {{ VALUES ?iri {{ {' '.join(map(iri, iris))} }}"
        return head + mark + tail.replace("WHERE {", only, 1).replace("#PAGE", "", 1)

    def count(self) -> str:
        """The query for the number of rows, ``?n``, without what fills them in."""
        rows = f"{{ {self._text} }}"
        if "#ROWS" in self._text:
            rows = self._text.partition("#ROWS")[2].partition("#END")[0].replace("#PAGE", "", 1)
        return f"SELECT (COUNT(*) AS ?n) WHERE {{ {rows} }}"

    def _conditions(self, filters: Filters) -> Iterable[str]:
        if filters.authority:
            about = self._iris("organisation", filters.authority)
            if self._kind in ENTITIES and self._kind not in MIXED:
                yield self._named("?in fg:authority ?of . ?claim fg:inDocument ?in .", "?of", about)
            else:
                yield f"FILTER(?authority_iri IN ({', '.join(about)}))"
        if filters.document:
            only = self._iris("document", filters.document)
            if self._kind in ENTITIES:
                yield self._named("?claim fg:inDocument ?in .", "?in", only)
            elif self._kind == "judgements":
                yield f"{{ {judged(only)} }}"
            elif self._kind in OF_DOCUMENTS:
                yield f"VALUES ?document {{ {' '.join(only)} }}"
            else:
                yield f"FILTER(?document IN ({', '.join(only)}))"
        if self._kind == "findings":
            yield from self._of_findings(filters)
        elif self._kind in BY_THEME and filters.theme:
            themes = (iri(f"{SCHEMES}theme/{theme}") for theme in filters.theme)
            yield f"VALUES ?theme {{ {' '.join(themes)} }}"

    def _of_findings(self, filters: Filters) -> Iterable[str]:
        for name in ("theme", "polarity"):
            concepts = [iri(f"{SCHEMES}{name}/{value}") for value in getattr(filters, name)]
            if concepts:
                yield f"FILTER EXISTS {{ ?iri fg:{name} ?c FILTER(?c IN ({', '.join(concepts)})) }}"
        if filters.event:
            events = ", ".join(iri(f"{self._base}id/{event}") for event in filters.event)
            yield f"FILTER(?event_iri IN ({events}))"
        if filters.about:
            names = ", ".join(str(ox.Literal(name)) for name in filters.about)
            yield f"FILTER EXISTS {{ ?iri fg:about ?whom FILTER(STR(?whom) IN ({names})) }}"

    def _named(self, place: str, variable: str, values: Iterable[str]) -> str:
        """Only things that are mentioned somewhere in particular."""
        only = f"VALUES {variable} {{ {' '.join(values)} }}"
        return f"{{ SELECT DISTINCT ?iri WHERE {{ {only} {place} {ENTITIES[self._kind]} }} }}"

    def _iris(self, kind: str, slugs: Iterable[str]) -> tuple[str, ...]:
        return tuple(iri(f"{self._base}id/{kind}/{slug}") for slug in slugs)
