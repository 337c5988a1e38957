"""The quads of a generation: all of them, or what differs from the generation before.

    writer = Writer(minter, resolved, base=generation)
    store.revise(base.store, folder, writer.gone(documents), writer.quads(), said=writer.said(…))

What each graph holds is counted on the way, and checked by SHACL before it is given; graphs of
documents come from :mod:`kg.document_graph`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import NamedNode, Quad, Store

from kg import local
from kg.document_graph import Graphed
from kg.generations import Generation
from kg.partitions import Tally, saved
from kg.quads import derived_quads
from kg.quads.dataset import GRAPH, dataset_quads
from kg.resolve import Resolved
from kg.store import Exchange
from kg.validate import Validator, Violation, refuse
from ontology.iris import Minter
from ontology.schemes import ontology_quads
from ontology.terms import fg

Things = dict[object, list[Quad]]


class Writer:
    """Gives the quads of a generation; ``base`` is the one whose store is revised, if any.

    ``own`` are the operator's own quads.
    """

    def __init__(
        self,
        minter: Minter,
        resolved: Resolved,
        *,
        own: Sequence[Quad] = (),
        base: Generation | None = None,
    ) -> None:
        self._minter, self._own = minter, own
        self._held = Store.read_only(str(base.store)) if base else None
        self._tally = (saved(base.path) if base else None) or Tally()
        vocabulary = list(ontology_quads(minter.graph("ontology")))
        derived = _things(derived_quads(resolved, minter))
        self._validator = Validator(vocabulary, chain.from_iterable(derived.values()))
        self._vocabulary = [] if base else vocabulary
        self._gone, self._derived = self._differences(derived)

    @property
    def tally(self) -> Tally:
        """What the graphs hold, once all quads were given."""
        return self._tally

    def gone(self, documents: Iterable[str]) -> Exchange:
        """What the store before holds and this one does not, of these documents and besides."""
        if self._held is None:
            return Exchange()
        graphs = [*map(self._minter.document_graph, documents)]
        graphs += local.names(self._held, self._minter.base)
        for graph in graphs:
            self._tally.count(self._graph(graph), -1)
        names = [quad for document in documents for quad in self._names_of(document)]
        self._tally.count(names, -1)
        return Exchange([*graphs, self._minter.graph(GRAPH)], [*self._gone, *names])

    def quads(self) -> Iterator[Quad]:
        """What is new of the whole and of the operator; given once."""
        yield from self._counted(self._vocabulary)
        while self._derived:
            yield self._derived.pop()
        yield from self._counted(self._own)

    def said(self, graphs: Iterable[Graphed]) -> Iterator[bytes]:
        """What documents say, in N-Quads, counted.

        :raises ShapeViolation: when one breaks the rules of the shapes.
        """
        for graph in graphs:
            refuse(graph.violations)
            self._tally.join(graph.tally)
            yield graph.data

    def description(self, _: Store) -> Iterator[Quad]:
        """What the graph says of itself; it comes last, when all was counted."""
        return dataset_quads(self._tally.partitions(), self._minter)

    def _differences(self, new: Things) -> tuple[list[Quad], list[Quad]]:
        """What is no longer concluded, and all of each thing of which it is not the same."""
        old = _things(self._graph(self._minter.graph("derived")))
        gone: list[Quad] = []
        fresh: list[Quad] = []
        wrong: list[Violation] = []
        for thing in old.keys() | new.keys():
            before, now = set(old.get(thing, ())), set(new.get(thing, ()))
            if before != now:
                self._tally.count(before, -1)
                self._tally.count(now)
                gone += before - now
                fresh += now
                wrong += self._validator.check(now)
        refuse(wrong)
        return gone, fresh

    def _graph(self, name: NamedNode) -> Iterator[Quad]:
        if self._held is None:
            return iter(())
        return self._held.quads_for_pattern(None, None, None, name)

    def _names_of(self, document: str) -> Iterator[Quad]:
        """What the graph of names holds of a document: its names and their spans."""
        if self._held is None:
            return
        graph, prefix = self._minter.graph("names"), self._minter.thing("document", document)
        for named in self._held.quads_for_pattern(None, fg("inDocument"), prefix, graph):
            for quad in self._held.quads_for_pattern(named.subject, None, None, graph):
                yield quad
                if isinstance(quad.object, NamedNode):
                    yield from self._held.quads_for_pattern(quad.object, None, None, graph)

    def _counted(self, quads: Sequence[Quad]) -> Sequence[Quad]:
        self._tally.count(quads)
        return quads


def _things(quads: Iterable[Quad]) -> Things:
    things: Things = {}
    for quad in quads:
        things.setdefault(quad.subject, []).append(quad)
    return things
