"""The graph about the graph: VoID counts, prefixes and example queries, as quads.

They stand in ``{base}graph/void``, so that editors and programs complete from data.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.partitions import Pair, Partitions
from ontology.examples import Example, examples
from ontology.iris import Minter
from ontology.terms import LABEL, PREFIXES, TYPE, term

TITLE = "Findings Graph"
DESCRIPTION = (
    "What the public documents say in which children's services are inspected, reviewed and "
    "scrutinised, each statement with the words and the place in the document that say it."
)
GRAPH = "void"
_EXT = "http://ldf.fi/void-ext#"
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
_URI = NamedNode(PREFIXES["xsd"] + "anyURI")


def dataset(minter: Minter) -> NamedNode:
    """The IRI of the data set."""
    return minter.thing("dataset", "graph")


def dataset_quads(found: Partitions, minter: Minter) -> Iterator[Quad]:
    """What the data set holds and how to query it, in the graph ``void``."""
    graph = minter.graph(GRAPH)
    whole = _Writer(minter, found)
    for triple in (*whole.totals(), *whole.classes(), *whole.graphs(), *_queries(minter)):
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


class _Writer:
    """Writes the VoID description; every partition has an IRI made from what it is of."""

    def __init__(self, minter: Minter, found: Partitions) -> None:
        self._minter, self._found = minter, found
        self._dataset = dataset(minter)

    def totals(self) -> Iterator[Triple]:
        found, whole = self._found, self._dataset
        for kind in (term("void", "Dataset"), term("dcat", "Dataset")):
            yield Triple(whole, TYPE, kind)
        yield Triple(whole, LABEL, Literal(TITLE, language="en"))
        yield Triple(whole, term("dcterms", "title"), Literal(TITLE, language="en"))
        yield Triple(whole, term("dcterms", "description"), Literal(DESCRIPTION, language="en"))
        yield Triple(whole, term("void", "uriSpace"), Literal(f"{self._minter.base}id/"))
        for iri in PREFIXES.values():
            yield Triple(whole, term("void", "vocabulary"), NamedNode(iri))
        for name, count in (
            ("triples", sum(found.graphs.values())),
            ("classes", len(found.classes)),
            ("properties", len(found.properties)),
        ):
            yield Triple(whole, term("void", name), _count(count))

    def classes(self) -> Iterator[Triple]:
        """Partitions by class with the properties in each, then by property alone."""
        for kind, count in sorted(self._found.classes.items()):
            part = self._part("class", kind)
            yield Triple(self._dataset, term("void", "classPartition"), part)
            yield Triple(part, term("void", "class"), NamedNode(kind))
            yield Triple(part, term("void", "entities"), _count(count))
        for (kind, name), count in sorted(self._found.uses.items()):
            part = self._part("class", kind, name)
            yield from self._property(self._part("class", kind), part, name, count)
            yield from self._values(part, (kind, name))
        for name, count in sorted(self._found.properties.items()):
            yield from self._property(self._dataset, self._part("property", name), name, count)

    def _property(
        self, whole: NamedNode, part: NamedNode, name: str, count: int
    ) -> Iterator[Triple]:
        yield Triple(whole, term("void", "propertyPartition"), part)
        yield Triple(part, term("void", "property"), NamedNode(name))
        yield Triple(part, term("void", "triples"), _count(count))

    def _values(self, part: NamedNode, pair: Pair) -> Iterator[Triple]:
        for kind in sorted(self._found.targets.get(pair, ())):
            target = self._part("class", *pair, kind)
            yield Triple(part, term("void", "classPartition"), target)
            yield Triple(target, term("void", "class"), NamedNode(kind))
        for kind in sorted(self._found.datatypes.get(pair, ())):
            target = self._part("class", *pair, kind)
            yield Triple(part, NamedNode(f"{_EXT}datatypePartition"), target)
            yield Triple(target, NamedNode(f"{_EXT}datatype"), NamedNode(kind))

    def graphs(self) -> Iterator[Triple]:
        """A subset for each named graph, except this one."""
        prefix = f"{self._minter.base}graph/"
        for name, count in sorted(self._found.graphs.items()):
            part = self._part("named", name.removeprefix(prefix))
            yield Triple(self._dataset, term("void", "subset"), part)
            yield Triple(part, TYPE, term("void", "Dataset"))
            yield Triple(part, term("dcterms", "source"), NamedNode(name))
            yield Triple(part, term("void", "triples"), _count(count))

    def _part(self, *of: str) -> NamedNode:
        return self._minter.thing("dataset", "/".join(["graph", *map(_short, of)]))


def _short(iri: str) -> str:
    """``fg-Finding`` for an IRI of a known vocabulary: a readable part of an IRI."""
    for name, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{name}-{iri.removeprefix(start)}"
    return iri.partition("//")[2].replace("#", "/") or iri


def _count(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


def _queries(minter: Minter) -> Iterator[Triple]:
    """Prefixes and examples in SHACL's terms, as editors look for them."""
    prefixes = minter.thing("dataset", "prefixes")
    for name, iri in sorted(PREFIXES.items()):
        declared = minter.thing("dataset", f"prefixes/{name}")
        yield Triple(prefixes, term("sh", "declare"), declared)
        yield Triple(declared, term("sh", "prefix"), Literal(name))
        yield Triple(declared, term("sh", "namespace"), Literal(iri, datatype=_URI))
    for example in examples():
        yield from _example(minter.thing("example", example.id), example, prefixes)


def _example(iri: NamedNode, example: Example, prefixes: NamedNode) -> Iterator[Triple]:
    for kind in ("SPARQLExecutable", f"SPARQL{example.form.capitalize()}Executable"):
        yield Triple(iri, TYPE, term("sh", kind))
    yield Triple(iri, LABEL, Literal(example.title, language="en"))
    comment = f"{example.title}. {example.description}"
    yield Triple(iri, term("rdfs", "comment"), Literal(comment, language="en"))
    yield Triple(iri, term("sh", "prefixes"), prefixes)
    yield Triple(iri, term("sh", example.form), Literal(example.query))
