"""What a generation's graph holds, as far as those who follow it are told of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.store import GraphStore
from ontology.iris import SCHEMES, Minter
from ontology.terms import PREFIXES


class IssueState(msgspec.Struct, frozen=True):
    """A recurring issue: its occurrences are ids of findings with the event of each."""

    label: str
    status: str
    authority: str
    occurrences: dict[str, str]


class Held(msgspec.Struct):
    """Ids within their type. ``documents`` gives authorities, ``findings`` the ids of each
    document, ``disagreements`` the authority and the documents of both sides."""

    documents: dict[str, str] = {}
    findings: dict[str, frozenset[str]] = {}
    issues: dict[str, IssueState] = {}
    disagreements: dict[str, tuple[str, frozenset[str]]] = {}


_DOCUMENTS = "SELECT ?a ?b WHERE { ?a a fg:Document OPTIONAL { ?a fg:authority ?b } }"
_FINDINGS = "SELECT ?a ?b WHERE {{ {} ?a a fg:Finding ; fg:inDocument ?b }}"
_ISSUES = """SELECT ?a ?b ?c ?d WHERE {
  ?a a fg:RecurringIssue ; rdfs:label ?b ; fg:status ?c OPTIONAL { ?a fg:authority ?d } }"""
_OCCURRENCES = """SELECT ?a ?b ?c WHERE {
  ?a a fg:RecurringIssue ; fg:occurrence ?b . ?b fg:event ?c }"""
_DISAGREEMENTS = """SELECT ?a ?b ?c WHERE {
  ?a a fg:Disagreement ; fg:firstSide|fg:secondSide ?side . ?side fg:inDocument ?b
  OPTIONAL { ?a fg:authority ?c } }"""


def held(store: Path, base: str, documents: Collection[str] | None = None) -> Held:
    """What the graph in a store's directory holds; ``base`` begins its IRIs.

    ``documents`` are those whose findings are wanted, if not all.
    """
    rows = _Rows(GraphStore(store), base)
    occurrences: dict[str, dict[str, str]] = defaultdict(dict)
    for issue, finding, event in rows.select(_OCCURRENCES):
        occurrences[issue][finding] = event
    findings: dict[str, set[str]] = defaultdict(set)
    minter = Minter(base)
    named = " ".join(str(minter.thing("document", each)) for each in documents or ())
    only = "" if documents is None else f"VALUES ?b {{ {named} }}"
    for finding, document in rows.select(_FINDINGS.format(only)):
        findings[document].add(finding)
    sides: dict[str, set[str]] = defaultdict(set)
    authorities: dict[str, str] = {}
    for disagreement, document, authority in rows.select(_DISAGREEMENTS):
        sides[disagreement].add(document)
        authorities[disagreement] = authority
    return Held(
        documents={row[0]: row[1] for row in rows.select(_DOCUMENTS)},
        findings={document: frozenset(found) for document, found in findings.items()},
        issues={
            issue: IssueState(label, status, authority, occurrences[issue])
            for issue, label, status, authority in rows.select(_ISSUES)
        },
        disagreements={
            name: (authorities[name], frozenset(found)) for name, found in sides.items()
        },
    )


class _Rows:
    """Solutions as plain strings: ids of things without their type, events with it."""

    def __init__(self, store: GraphStore, base: str) -> None:
        self._store, self._start = store, f"{base}id/"

    def select(self, query: str) -> Iterator[tuple[str, ...]]:
        """The rows of a query; what is not bound is ''."""
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
        solutions = self._store.select(prefixes + query)
        names = [variable.value for variable in solutions.variables]
        return (tuple(self._plain(row, name) for name in names) for row in solutions)

    def _plain(self, row: QuerySolution, name: str) -> str:
        term = row[name]
        if isinstance(term, NamedNode):
            path = term.value.removeprefix(self._start)
            if path == term.value:
                return path.removeprefix(SCHEMES).partition("/")[2]
            kind, _, slug = path.partition("/")
            return slug if kind in _OWN_TYPE else path
        return term.value if isinstance(term, Literal) else ""


_OWN_TYPE = ("document", "finding", "issue", "disagreement", "organisation")
"""Types whose things are named without them, since a list holds one type alone."""
