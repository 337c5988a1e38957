"""What a build keeps of each document: its record, what is told of it, its parts of indexes.

Each is made where it is not kept, and forgotten with its document. Graphs are made anew, because
they depend on what other documents say.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.cache import PartCache, RecordCache
from kg.collect import Collection, Records
from kg.crew import Asked, Start
from kg.document_graph import DocumentGraphs, Graphed
from kg.parts import Indexer, part_key, part_of, told_of
from kg.reports import BuildSettings
from kg.resolve.told import Told, heard, telling, told_key
from kg.tools import Tools
from ontology.iris import Minter


class Kept:
    """The cache of a data directory, for one version of what reads: ``reading``."""

    def __init__(
        self,
        home: Path,
        tools: Tools,
        indexers: Sequence[Indexer],
        settings: BuildSettings,
        reading: str,
    ) -> None:
        self._tools, self._indexers, self._reading = tools, indexers, reading
        self.start = Start(
            settings.model,
            str(home.absolute()),
            reading,
            os.getpid(),
            settings.base,
            settings.names == "printed",
        )
        self.records = RecordCache(home / "cache" / "records", reading)
        self._parts = PartCache(home / "cache" / "parts")
        self._told = PartCache(home / "cache" / "told")
        self._telling = telling(reading, tools.resolvers)

    def told(self, records: Records, documents: Iterable[str]) -> Iterator[Told]:
        """What resolvers keep of some documents, in order of id."""
        for document in sorted(documents):
            source = records.sources[document]
            told = self._told.get(told_key(source.sha256, source.file, self._telling))
            if told is None:
                record = records.of(document)
                told = told_of(record, self._telling, self._tools.resolvers, self._told)
            yield heard(told)

    def graphs(
        self, records: Records, documents: Sequence[str], asked: Iterator[Asked]
    ) -> Iterator[Graphed]:
        """The graphs of documents, by workers where there are many."""
        own = DocumentGraphs(Minter(self.start.base), names=self.start.names)
        crew = self._tools.crew
        many = crew is not None and crew.worth_starting(len(documents))
        made = crew.graphs(self.start, asked) if crew and many else ((e, None) for e in asked)
        for each, graph in made:
            yield graph or own.of(records.of(each.document), each.meaning)

    def part(self, records: Records, indexer: Indexer, document: str) -> bytes:
        """What an index needs of a document."""
        source = records.sources[document]
        part = self._parts.get(part_key(source.sha256, source.file, self._reading, indexer))
        if part is None:
            part = part_of(records.of(document), self._reading, indexer, self._parts)
        return part

    def prune(self, collection: Collection) -> None:
        """Forget what is kept of documents that are no longer served."""
        self.records.prune(collection.seen)
        if self._tools.memo is not None:
            self._tools.memo.forget()
        held = [(source.sha256, source.file) for source in collection.sources.values()]
        self._told.prune({told_key(*each, self._telling) for each in held})
        self._parts.prune(
            {part_key(*each, self._reading, indexer) for each in held for indexer in self._indexers}
        )
