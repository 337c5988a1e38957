"""How much of what a graph holds: the counts that VoID describes a data set by.

A tally is a sum over graphs, so that of a revised store only what was exchanged is counted
again. It is kept in the generation (``partitions.json``) for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import msgspec
from pyoxigraph import Literal, NamedNode, Quad, Store

from ontology.terms import TYPE

FILE = "partitions.json"
_DOCUMENT = "/graph/document/"

Pair = tuple[str, str]
Counts = dict[str, int]


class Partitions(msgspec.Struct, frozen=True):
    """Counts by IRI: triples of each graph, things of each class, uses of each property.

    ``uses`` are counts of a property with things of a class in one graph; ``targets`` the
    classes of things whose IRIs begin like one of its values, ``datatypes`` those of its values:
    what editors complete from. A triple that two graphs hold counts twice.
    """

    graphs: Counts
    classes: Counts
    properties: Counts
    uses: dict[Pair, int]
    targets: dict[Pair, set[str]]
    datatypes: dict[Pair, set[str]]


class Use(msgspec.Struct):
    """A property of a class: how often it is used, with values of which beginnings and types."""

    count: int = 0
    begins: Counts = {}
    datatypes: Counts = {}

    def join(self, more: Use) -> None:
        """Add another use of the same property."""
        self.count += more.count
        _join(self.begins, more.begins)
        _join(self.datatypes, more.datatypes)


class Tally(msgspec.Struct):
    """Sums over graphs; ``kinds`` has classes by the beginnings of the IRIs of their things.

    ``shared`` are things that documents tell of though they are not their own, as what read
    them, with the number of graphs that do.
    """

    graphs: Counts = {}
    classes: Counts = {}
    shared: dict[str, Counts] = {}
    properties: Counts = {}
    uses: dict[str, dict[str, Use]] = {}
    kinds: dict[str, Counts] = {}

    def add(self, graph: str, quads: Iterable[Quad], times: int = 1) -> None:
        """Count quads of one graph, all that it says of each of its things among them; with
        ``times`` -1 they are taken off."""
        own = graph.partition(_DOCUMENT)[2]
        things: dict[str, list[Quad]] = {}
        for quad in quads:
            things.setdefault(_name(quad.subject), []).append(quad)
        for thing, said in things.items():
            classes = [_name(quad.object) for quad in said if quad.predicate == TYPE]
            for kind in classes:
                self._thing(thing, kind, own, times)
            for quad in said:
                self._use(quad, classes, times)
        _count(self.graphs, graph, times * sum(map(len, things.values())))

    def count(self, quads: Iterable[Quad], times: int = 1) -> None:
        """Add quads of any graphs, each once; with ``times`` -1 they are taken off."""
        distinct = sorted(set(quads), key=_graph_of)
        for graph, held in groupby(distinct, key=_graph_of):
            self.add(graph, held, times)

    def join(self, more: Tally) -> None:
        """Add the sums over other graphs."""
        _join(self.graphs, more.graphs)
        _join(self.classes, more.classes)
        _join(self.properties, more.properties)
        for held, theirs in ((self.shared, more.shared), (self.kinds, more.kinds)):
            for name, counts in theirs.items():
                _join(held.setdefault(name, {}), counts)
        for kind, uses in more.uses.items():
            mine = self.uses.setdefault(kind, {})
            for name, use in uses.items():
                mine.setdefault(name, Use()).join(use)

    def _thing(self, thing: str, kind: str, own: str, times: int) -> None:
        _count(self.kinds.setdefault(_begin(thing), {}), kind, times)
        if own and own not in thing:
            _count(self.shared.setdefault(kind, {}), thing, times)
        else:
            _count(self.classes, kind, times)

    def _use(self, quad: Quad, classes: Iterable[str], times: int) -> None:
        name, value = quad.predicate.value, quad.object
        _count(self.properties, name, times)
        for kind in classes:
            uses = self.uses.setdefault(kind, {})
            use = uses.setdefault(name, Use())
            use.count += times
            if isinstance(value, Literal):
                _count(use.datatypes, value.datatype.value, times)
            elif isinstance(value, NamedNode):
                _count(use.begins, _begin(value.value), times)
            if not use.count:
                del uses[name]

    def partitions(self) -> Partitions:
        """What the sums tell."""
        things = {kind: len(shared) for kind, shared in self.shared.items() if shared}
        classes = {
            kind: self.classes.get(kind, 0) + things.get(kind, 0)
            for kind in self.classes.keys() | things.keys()
        }
        uses = {(c, p): use for c, held in self.uses.items() for p, use in held.items()}
        return Partitions(
            dict(self.graphs),
            classes,
            dict(self.properties),
            {pair: use.count for pair, use in uses.items()},
            {pair: set(self._classes(use.begins)) for pair, use in uses.items()},
            {pair: set(use.datatypes) for pair, use in uses.items()},
        )

    def _classes(self, begins: Iterable[str]) -> Iterator[str]:
        return (kind for begin in begins for kind in self.kinds.get(begin, ()))

    def save(self, generation: Path) -> None:
        """Write the sums into a generation, beside and not into a file that it shares."""
        path = generation / FILE
        path.unlink(missing_ok=True)
        path.write_bytes(msgspec.json.encode(self))


def saved(generation: Path) -> Tally | None:
    """The sums of a generation, or None where it was built without them."""
    path = generation / FILE
    return msgspec.json.decode(path.read_bytes(), type=Tally) if path.is_file() else None


def tally(store: Store, without: NamedNode | None = None) -> Tally:
    """The sums over all graphs of a store, but for one."""
    counted = Tally()
    for graph in store.named_graphs():
        if graph != without:
            counted.add(_name(graph), store.quads_for_pattern(None, None, None, graph))
    return counted


def measure(store: Store) -> Partitions:
    """The counts over all graphs of a store."""
    return tally(store).partitions()


def _count(counts: Counts, name: str, times: int) -> None:
    left = counts.get(name, 0) + times
    if left:
        counts[name] = left
    else:
        counts.pop(name, None)


def _graph_of(quad: Quad) -> str:
    return str(getattr(quad.graph_name, "value", ""))


def _join(counts: Counts, more: Counts) -> None:
    for name, times in more.items():
        _count(counts, name, times)


def _begin(iri: str) -> str:
    """What things of one kind have in common: up to the type of ours, else the last part."""
    start, ours, rest = iri.partition("/id/")
    if ours:
        return f"{start}{ours}{rest.partition('/')[0]}"
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
