"""Semantic search inside SPARQL: the search is run first, and its hits join as VALUES.

    PREFIX s: <https://w3id.org/findings-graph/search#>
    SELECT ?passage ?score ?words WHERE {
      SERVICE <https://w3id.org/findings-graph/search> {
        [] s:text "drift in permanence" ; s:limit 20 ; s:authority "bradford" ;
           s:passage ?passage ; s:score ?score ; s:finding ?finding .
      }
      ?finding fg:polarity/skos:notation "weakness" ; oa:hasSelector/oa:exact ?words .
    }

``{base}search`` is no address that is called: the clause is taken out of the query and its
results put in its place, so it works wherever a query is run, and no other service can be
reached through it. What stands in the clause must be constants, but for the variables that
take the results. Filters by polarity, theme and assertor hold for the findings as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from kg.errors import QueryError
from ontology.iris import ONTOLOGY, SCHEMES
from ontology.terms import PREFIXES
from search.filters import Filters
from search.search import Results

Search = Callable[[str, Filters, int], Results]

MOST_CLAUSES, MOST_HITS, HITS = 3, 500, 10
"""Clauses of one query, hits of one clause at most, and without ``limit``."""

FILTERS = ("authority", "document", "kind", "theme", "polarity", "assertor")
PERIOD = ("since", "until")
RESULTS = ("passage", "score", "finding")

_TOKEN = re.compile(
    r"""
      (?P<blank>  (?: [\x20\t\r\n]+ | \#[^\r\n]* )+ )
    | (?P<iri>    < [^<>"{}|^`\\\x00-\x20]* > )
    | (?P<string> \"{3} (?: \"{0,2} (?: [^"\\] | \\[\s\S] ) )* \"{3}
                | '{3} (?: '{0,2} (?: [^'\\] | \\[\s\S] ) )* '{3}
                | " (?: [^"\\\r\n] | \\. )* " | ' (?: [^'\\\r\n] | \\. )* ' )
    | (?P<var>    [?$] \w+ )
    | (?P<run>    [\w:%-] (?: [\w.:%-]* [\w:%-] )? )
    | (?P<punct>  [\s\S] )
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of a query and where it stands."""

    kind: str
    text: str
    start: int
    end: int


class Clause(msgspec.Struct, frozen=True):
    """One search: what is looked for, and the variables that take the results."""

    start: int
    end: int
    text: str
    limit: int
    filters: Filters
    results: dict[str, str]


def rewritten(query: str, base: str, search: Search) -> str:
    """The query with every search clause replaced by its hits.

    :raises QueryError: when a clause cannot be read, or there are too many.
    """
    if "SERVICE" not in query.upper():
        return query
    found = list(clauses(query, base))
    if len(found) > MOST_CLAUSES:
        raise QueryError(
            f"The query searches {len(found)} times.", cure=f"Search at most {MOST_CLAUSES} times."
        )
    for clause in reversed(found):
        hits = search(clause.text, clause.filters, clause.limit)
        query = query[: clause.start] + _values(clause, hits, base) + query[clause.end :]
    return query


def clauses(query: str, base: str) -> Iterator[Clause]:
    """The search clauses of a query; other services are left as they are."""
    tokens = [t for t in _tokens(query) if t.kind != "blank"]
    prefixes = _prefixes(tokens)
    at = 0
    while at < len(tokens):
        opening = _opening(tokens, at, prefixes, f"{base}search")
        if opening is None:
            at += 1
            continue
        closing = _closing(tokens, opening)
        inner = tokens[opening + 1 : closing]
        yield _clause(tokens[at].start, tokens[closing].end, inner, prefixes, base)
        at = closing + 1


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "punct", match.group(), match.start(), match.end())


def _prefixes(tokens: Sequence[Token]) -> dict[str, str]:
    known = {f"{name}:": iri for name, iri in PREFIXES.items()}
    for at, token in enumerate(tokens[:-2]):
        if token.text.upper() == "PREFIX" and tokens[at + 2].kind == "iri":
            known[tokens[at + 1].text] = tokens[at + 2].text[1:-1]
    return known


def _iri(token: Token, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    head, colon, name = token.text.partition(":")
    return prefixes[head + colon] + name if head + colon in prefixes else None


def _opening(
    tokens: Sequence[Token], at: int, prefixes: dict[str, str], service: str
) -> int | None:
    """Where the clause's bracket opens, if a search clause begins at ``at``."""
    if tokens[at].text.upper() != "SERVICE":
        return None
    step = 2 if at + 1 < len(tokens) and tokens[at + 1].text.upper() == "SILENT" else 1
    if at + step + 1 >= len(tokens) or tokens[at + step + 1].text != "{":
        return None
    return at + step + 1 if _iri(tokens[at + step], prefixes) == service else None


def _closing(tokens: Sequence[Token], opening: int) -> int:
    for at in range(opening + 1, len(tokens)):
        if tokens[at].text == "{":
            raise _unread("groups may not stand in it")
        if tokens[at].text == "}":
            return at
    raise _unread("its bracket is not closed")


def _clause(
    start: int, end: int, inner: Sequence[Token], prefixes: dict[str, str], base: str
) -> Clause:
    given: dict[str, list[str]] = {}
    results: dict[str, str] = {}
    for name, value in _pairs(inner, prefixes, f"{base}search#"):
        if value.kind == "var":
            if name not in RESULTS:
                raise _unread(f"'{name}' must be a constant")
            results[name] = value.text
        else:
            given.setdefault(name, []).append(_constant(value))
    unknown = set(given) - {"text", "limit", *FILTERS, *PERIOD}
    if unknown or not given.get("text"):
        raise _unread(f"it has no '{min(unknown)}'" if unknown else "it has no text")
    return Clause(
        start=start,
        end=end,
        text=" ".join(given["text"]),
        limit=_limit(given),
        filters=_filters(given),
        results=results,
    )


def _filters(given: dict[str, list[str]]) -> Filters:
    many = {name: tuple(given.get(name, ())) for name in FILTERS}
    since, until = (given[name][-1] if name in given else None for name in PERIOD)
    return Filters(**many, since=since, until=until)


def _limit(given: dict[str, list[str]]) -> int:
    text = given.get("limit", [str(HITS)])[-1]
    if not text.isdigit() or not 0 < int(text) <= MOST_HITS:
        raise _unread(f"'limit' must be from 1 to {MOST_HITS}")
    return int(text)


def _pairs(
    inner: Sequence[Token], prefixes: dict[str, str], space: str
) -> Iterator[tuple[str, Token]]:
    """Property and value of each triple; the subject says nothing."""
    body = [t for t in inner if t.text not in ("[", "]", ".", ";", ",")]
    if body and body[0].kind == "var" and len(body) % 2:
        body = body[1:]
    if len(body) % 2:
        raise _unread("it must hold properties and values in turn")
    for name, value in zip(body[::2], body[1::2], strict=True):
        iri = _iri(name, prefixes)
        if iri is None or not iri.startswith(space):
            raise _unread(f"{name.text} is none of its properties")
        yield iri.removeprefix(space), value


def _constant(token: Token) -> str:
    if token.kind == "string":
        literal = next(iter(ox.parse(f"<a:b> <a:c> {token.text} .".encode(), ox.RdfFormat.TURTLE)))
        return str(literal.object.value)
    if token.kind == "run" and token.text.isdigit():
        return token.text
    raise _unread(f"{token.text} is no text or number")


def _values(clause: Clause, found: Results, base: str) -> str:
    """The hits as VALUES; a finding is one that stands in the passage found."""
    passage = clause.results.get("passage", "?search_passage")
    score = clause.results.get("score", "?search_score")
    rows = " ".join(
        f"({ox.NamedNode(f'{base}id/passage/{hit.passage}')} {hit.score:.4f})"
        for hit in found.results
    )
    finding = clause.results.get("finding")
    joined = (
        f"{finding} a <{ONTOLOGY}Finding> ; <{PREFIXES['prov']}wasDerivedFrom> {passage} . "
        f"{_fitting(clause, finding)}"
        if finding
        else ""
    )
    return f"{{ VALUES ({passage} {score}) {{ {rows} }} {joined}}}"


def _fitting(clause: Clause, finding: str) -> str:
    """What holds the findings of a passage to the filters by which that was found."""
    parts = []
    for field in ("polarity", "theme", "assertor"):
        codes = getattr(clause.filters, field)
        if codes:
            name = f"?search_{field}_{clause.start}"
            concepts = " ".join(str(ox.NamedNode(f"{SCHEMES}{field}/{code}")) for code in codes)
            parts.append(f"VALUES {name} {{ {concepts} }} {finding} <{ONTOLOGY}{field}> {name} . ")
    return "".join(parts)


def _unread(why: str) -> QueryError:
    return QueryError(
        "The search clause cannot be read.",
        why=f"In it, {why}.",
        cure='Write: [] s:text "…" ; s:limit 10 ; s:passage ?passage ; s:score ?score .',
    )
