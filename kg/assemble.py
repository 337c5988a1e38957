"""Records to a generation: entities, quads, catalogue and index, checked and sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from pyoxigraph import Quad

from kg import catalogue, generations, store, verify
from kg.collect import Records
from kg.crew import Asked
from kg.document_graph import Graphed
from kg.generations import Generation, Manifest, Source, crash_point
from kg.model import Record
from kg.parts import Indexer, Revising
from kg.progress import Reporter
from kg.resolve import Resolved, Resolvers
from kg.resolve.told import Told, graph_key, meaning_of, resolve_told
from kg.written import Writer
from ontology.iris import Minter


@dataclass
class Assembly:
    """A generation in the making; ``local`` are the quads of the operator's own graphs.

    ``told`` gives what is kept of some documents in order of id, ``records`` the documents
    themselves: only those are read of which something is written. ``graphs`` makes the graphs of
    documents.
    """

    fresh: Path
    minter: Minter
    records: Records
    told: Callable[[Iterable[str]], Iterator[Told]]
    graphs: Callable[[Sequence[str], Iterator[Asked]], Iterator[Graphed]]
    reporter: Reporter
    base: Generation | None = None
    local: Sequence[Quad] = ()

    def resolve(self, resolvers: Resolvers, total: int) -> Resolved:
        """The entities of all documents."""
        self.reporter.stage("resolve", total)
        return resolve_told(self._told(), resolvers, self.records.of)

    def _told(self) -> Iterator[Told]:
        for told in self.told(self.records.sources):
            yield told
            self.reporter.step()

    def graph(self, resolved: Resolved) -> Written:
        """Write the store: whole, or as a revision of the last generation's."""
        written = self._written(resolved)
        self.reporter.stage("graph", len(written.changed))
        writer = Writer(self.minter, resolved, own=self.local, base=self.base)
        quads, said = writer.quads(), writer.said(self._graphs(resolved, written.changed))
        directory, describe = self.fresh / "store", writer.description
        if self.base is None:
            count = store.write(directory, quads, describe, said)
        else:
            gone = writer.gone([*written.exchanged, *written.removed])
            make = store.rewrite if written.lost else store.revise
            count = make(self.base.store, directory, gone, quads, describe, said)
        written.counts["quads"] = count
        writer.tally.save(self.fresh)
        return written

    def _written(self, resolved: Resolved) -> Written:
        before = self.base.manifest.sources if self.base else ()
        old = {source.document: source for source in before}
        removed = sorted(old.keys() - self.records.sources.keys())
        written = Written({}, {}, [], [], [], removed)
        counts: Counter[str] = Counter()
        for told in self.told(self.records.sources):
            counts.update(told.counts)
            key = graph_key(told, meaning_of(told, resolved))
            source = self.records.sources[told.document]
            source = msgspec.structs.replace(source, graph=key, record=told.stamp)
            written.sources[told.document] = source
            earlier = old.get(told.document, _NONE)
            if earlier.graph != key:
                written.changed.append(told.document)
            if earlier.record != told.stamp:
                written.read.append(told.document)
        written.exchanged.extend(each for each in written.changed if each in old)
        written.counts.update(counts)
        return written

    def _graphs(self, resolved: Resolved, documents: Sequence[str]) -> Iterator[Graphed]:
        for graph in self.graphs(documents, self._asked(resolved, documents)):
            yield graph
            crash_point("during-graph")
            self.reporter.step()

    def _asked(self, resolved: Resolved, documents: Iterable[str]) -> Iterator[Asked]:
        for told in self.told(documents):
            source = self.records.sources[told.document]
            meaning = meaning_of(told, resolved)
            yield Asked(told.document, source.sha256, source.file, meaning)

    def _records(self, documents: Collection[str]) -> Iterator[Record]:
        for document in documents:
            yield self.records.of(document)
            self.reporter.step()

    def index(
        self,
        indexers: Sequence[Indexer],
        part: Callable[[Indexer, str], bytes],
        written: Written,
    ) -> None:
        """The catalogue of documents, and every index."""
        documents = sorted(written.sources) if written.lost else written.read
        self.reporter.stage("index", len(documents))
        path, records = self.fresh / "documents.sqlite", self._records(documents)
        if self.base is None or written.lost:
            catalogue.write(path, records)
        else:
            catalogue.revise(self.base.catalogue, path, records)
        crash_point("after-catalogue")
        for indexer in indexers:
            self._index(indexer, partial(part, indexer), written)
            crash_point("after-index")

    def _index(self, indexer: Indexer, part: Callable[[str], bytes], written: Written) -> None:
        """One index: from that of the generation before, when documents only joined it."""
        documents = sorted(written.sources)
        base = self.base.path if self.base and not written.lost else None
        revised = (
            base is not None
            and isinstance(indexer, Revising)
            and indexer.revise(self.fresh, base, documents, part)
        )
        if not revised:
            indexer.assemble(self.fresh, map(part, documents))

    def seal(self, manifest: Manifest, changed: Collection[str]) -> Manifest:
        """Write the manifest, then check the generation's contents against it.

        Quotations are checked in graphs that were written, and not in those taken over.
        """
        self.reporter.stage("verify", 1)
        sealed = generations.seal(self.fresh, manifest)
        crash_point("after-seal")
        verify.contents(self.fresh, sealed, changed)
        self.reporter.step()
        return sealed


@dataclass
class Written:
    """What goes into the graph: the sources with their graph keys, counts, the documents whose
    graphs are not those of the generation before, those of them that it had, the documents of
    which something else was read, all of them where there is no generation to go on from, and
    those that it alone had."""

    sources: dict[str, Source]
    counts: dict[str, int]
    changed: list[str]
    exchanged: list[str]
    read: list[str]
    removed: list[str]

    @property
    def lost(self) -> bool:
        """Whether the generation before tells what no document tells now: words that are to be
        gone, so that nothing of it can be taken over as it stands."""
        return bool(self.removed) or not set(self.read).isdisjoint(self.exchanged)


_NONE = Source("", "", "", "")
