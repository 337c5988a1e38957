"""The one place that knows the order: files, records, entities, graph, index, generation.

    report = build([Path("reports")], Path("data"), BuildSettings(), indexers=[…], report=Quiet())

``build`` makes the collection exactly what the paths hold; ``add`` and ``remove`` change the
collection that is served. All three read only what was not read before, publish nothing when
nothing changed, and leave the served generation untouched until the next is complete.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from kg import changes, corrections, fetch, generations, local, partitions
from kg.assemble import Assembly
from kg.cache import PartCache, RecordCache
from kg.collect import Collection, Collector, Failure, Records
from kg.crew import Asked, Start
from kg.document_graph import DocumentGraphs, Graphed
from kg.errors import FindingsError, GenerationError
from kg.files import SourceFile, discover
from kg.generations import Generation, Manifest, Source, crash_point, open_generation
from kg.lock import writing
from kg.parts import Indexer, part_key, part_of, told_of
from kg.progress import Reporter
from kg.resolve.told import Told, heard, telling, told_key
from kg.tools import Tools, standard
from kg.versions import graph_version, package_digest, reading_version
from ontology.iris import DEFAULT_BASE, Minter

__all__ = [
    "BuildReport",
    "BuildSettings",
    "Failure",
    "Indexer",
    "Status",
    "add",
    "build",
    "remove",
    "status",
]


class BuildSettings(msgspec.Struct, frozen=True):
    """What a builder may choose.

    ``base`` begins the IRIs of all instances; ``names`` "none" leaves the graph of printed
    names empty; ``model`` names the embedding model (see :func:`kg.embed.open_embedder`);
    ``keep`` is how many generations stay on disk.
    """

    base: str = DEFAULT_BASE
    names: Literal["printed", "none"] = "printed"
    model: str = "all-MiniLM-L6-v2"
    keep: int = 2


class BuildReport(msgspec.Struct, frozen=True):
    """What a build did. ``generation`` is the one that is served now, if any."""

    generation: str | None
    published: bool
    read: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    failed: tuple[Failure, ...]
    counts: dict[str, int]
    seconds: float


class Status(msgspec.Struct, frozen=True):
    """What is being served; ``seconds`` is how long it took to build, where that is known."""

    generation: str
    model: str
    counts: dict[str, int]
    documents: tuple[str, ...]
    warning: str = ""
    seconds: float | None = None


def build(
    paths: Iterable[Path],
    home: Path,
    settings: BuildSettings,
    *,
    indexers: Sequence[Indexer],
    report: Reporter,
    tools: Tools | None = None,
) -> BuildReport:
    """Make the collection what the paths hold, and publish it."""
    with _running(home, settings, indexers, report, tools) as run:
        return run.publish(run.collect(discover(paths)))


def add(
    paths: Iterable[Path],
    home: Path,
    settings: BuildSettings,
    *,
    indexers: Sequence[Indexer],
    report: Reporter,
    tools: Tools | None = None,
) -> BuildReport:
    """Add what the paths hold to the collection; a file named again is read again if changed."""
    with _running(home, settings, indexers, report, tools) as run:
        fresh = list(discover(paths))
        named = {source.path.absolute() for source in fresh}
        kept = (source for source in run.served() if source.path not in named)
        return run.publish(run.collect([*kept, *fresh]))


def remove(
    documents: Iterable[str],
    home: Path,
    settings: BuildSettings,
    *,
    indexers: Sequence[Indexer],
    report: Reporter,
    tools: Tools | None = None,
) -> BuildReport:
    """Take documents, by id or file, out of the collection with all that came from them."""
    with _running(home, settings, indexers, report, tools) as run:
        gone = run.find(set(documents))
        kept = [source for source in run.served() if str(source.path) not in gone]
        return run.publish(run.collect(kept))


@contextmanager
def _running(
    home: Path,
    settings: BuildSettings,
    indexers: Sequence[Indexer],
    report: Reporter,
    tools: Tools | None,
) -> Iterator[_Run]:
    """A build while nobody else writes; the workers that it starts end with it."""
    with writing(home):
        run = _Run(home, settings, indexers, report, tools)
        with run.tools.crew or nullcontext():
            yield run


def status(home: Path) -> Status:
    """What is being served from a data directory."""
    generation = open_generation(home, full=False)
    made = generation.manifest
    documents = tuple(sorted(source.document for source in made.sources))
    seconds = made.seconds if isinstance(made.seconds, float) else None
    name, warning = generation.path.name, generation.warning
    return Status(name, made.embedder, made.counts, documents, warning, seconds)


class _Run:
    """One build: what it was asked with, and what it found."""

    def __init__(
        self,
        home: Path,
        settings: BuildSettings,
        indexers: Sequence[Indexer],
        report: Reporter,
        tools: Tools | None,
    ) -> None:
        self.home, self.settings, self.indexers, self.report = home, settings, indexers, report
        self.tools = tools or standard(settings.model, home)
        self.began = time.monotonic()
        self.base = _served(home)
        self.reading = f"{reading_version()}:{settings.model}"
        self.graph = f"{graph_version()}:{settings.names}:{corrections.version(home)}"
        self.cache = RecordCache(home / "cache" / "records", self.reading)
        self.parts = PartCache(home / "cache" / "parts")
        self.told = telling(self.reading, self.tools.resolvers)
        self.kept = PartCache(home / "cache" / "told")

    @property
    def start(self) -> Start:
        """What workers work with."""
        settings, home = self.settings, str(self.home.absolute())
        names = settings.names == "printed"
        return Start(settings.model, home, self.reading, os.getpid(), settings.base, names)

    def served(self) -> list[SourceFile]:
        """The files of the collection that is served."""
        sources = self.base.manifest.sources if self.base else ()
        return [SourceFile(Path(source.path), source.file) for source in sources]

    def find(self, wanted: set[str]) -> set[str]:
        """The paths of documents by id or file; an error names what is not there."""
        found = {
            name: source.path
            for source in (self.base.manifest.sources if self.base else ())
            for name in (source.document, source.file)
            if name in wanted
        }
        if missing := wanted - set(found):
            raise FindingsError(
                f"There is no document {', '.join(sorted(missing))}.",
                cure="`findings status` lists the documents.",
            )
        return set(found.values())

    def collect(self, files: Iterable[SourceFile]) -> Collection:
        """Read what was not read before."""
        crew = self.tools.crew
        many = partial(crew.read, self.start) if crew else None
        alike = self.base is not None and self.base.manifest.reading == self.reading
        known = self._before() if alike else ()
        return Collector(self.tools, self.cache, self.report, many, known).collect(files)

    def publish(self, collection: Collection) -> BuildReport:
        """Make and publish a generation, unless the served one is what it would be."""
        inputs = self._inputs(collection)
        if not collection.sources:
            return self._report(collection, self.base, published=False)
        if self._is_served(inputs):
            generations.tidy(self.home, self.settings.keep)
            self._forget_fetched(collection)
            return self._report(collection, self.base, published=False)
        fresh = generations.begin(self.home)
        crash_point("after-begin")
        try:
            manifest = self._assemble(fresh, collection, inputs)
        except (FindingsError, OSError, sqlite3.OperationalError):
            # The store may still be closing its files; the next build removes what is left.
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        final = generations.publish(self.home, fresh, self.settings.keep)
        self._prune(collection)
        self._forget_fetched(collection)
        return self._report(collection, Generation(final, manifest), published=True)

    def _forget_fetched(self, collection: Collection) -> None:
        """What was fetched for documents that are no longer served goes with them."""
        fetch.tidy(self.home, (Path(source.path) for source in collection.sources.values()))

    def _is_served(self, inputs: str) -> bool:
        """Whether the served generation is what a new one would be."""
        if self.base is None or self.base.warning:
            return False
        made = self.base.manifest
        return made.inputs == inputs and made.local == local.digest(self.home)

    def _assemble(self, fresh: Path, collection: Collection, inputs: str) -> Manifest:
        sources = collection.sources
        assembly = Assembly(
            fresh,
            Minter(self.settings.base),
            Records(sources, self.cache, self.tools),
            partial(self._told, sources),
            partial(self._graphs, Records(sources, self.cache, self.tools)),
            self.report,
            self._revisable(),
            local.load(self.home, self.settings.base),
        )
        written = assembly.graph(assembly.resolve(self.tools.resolvers, len(sources)))
        crash_point("after-graph")
        part = partial(self._part, Records(sources, self.cache, self.tools))
        assembly.index(self.indexers, part, written)
        now = datetime.now(UTC)
        new = None if assembly.base is None else written.changed
        changes.record(fresh, self.settings.base, self.base, now, self._because(), new)
        manifest = Manifest(
            fresh.with_suffix("").name,
            inputs,
            self.settings.base,
            self.reading,
            self.graph,
            self.settings.model,
            written.counts,
            tuple(written.sources[document] for document in sorted(written.sources)),
            {},
            self.settings.names,
            local.digest(self.home),
            self._seconds(),
        )
        return assembly.seal(manifest, written.changed)

    def _graphs(
        self, records: Records, documents: Sequence[str], asked: Iterator[Asked]
    ) -> Iterator[Graphed]:
        """The graphs of documents, by workers where there are many."""
        own = DocumentGraphs(Minter(self.settings.base), names=self.settings.names == "printed")
        crew = self.tools.crew
        many = crew is not None and crew.worth_starting(len(documents))
        made = crew.graphs(self.start, asked) if crew and many else ((e, None) for e in asked)
        for each, graph in made:
            yield graph or own.of(records.of(each.document), each.meaning)

    def _told(self, sources: Mapping[str, Source], documents: Iterable[str]) -> Iterator[Told]:
        """What resolvers keep of some documents in order of id, made where it is not kept."""
        records = Records(sources, self.cache, self.tools)
        for document in sorted(documents):
            source = sources[document]
            key = told_key(source.sha256, source.file, self.told)
            told = self.kept.get(key)
            if told is None:
                told = told_of(records.of(document), self.told, self.tools.resolvers, self.kept)
            yield heard(told)

    def _part(self, records: Records, indexer: Indexer, document: str) -> bytes:
        """What an index needs of a document, made where it is not kept."""
        source = records.sources[document]
        key = part_key(source.sha256, source.file, self.reading, indexer)
        part = self.parts.get(key)
        if part is None:
            part = part_of(records.of(document), self.reading, indexer, self.parts)
        return part

    def _prune(self, collection: Collection) -> None:
        """Forget what is kept of documents that are no longer served."""
        self.cache.prune(collection.seen)
        if self.tools.memo is not None:
            self.tools.memo.forget()
        self.kept.prune(
            {
                told_key(source.sha256, source.file, self.told)
                for source in collection.sources.values()
            }
        )
        self.parts.prune(
            {
                part_key(source.sha256, source.file, self.reading, indexer)
                for source in collection.sources.values()
                for indexer in self.indexers
            }
        )

    def _because(self) -> changes.Because:
        """Why what is told may differ from the served generation."""
        before = self.base.manifest if self.base else None
        if before is None:
            return "first"
        made, _, decided = self.graph.rpartition(":")
        old, _, earlier = before.graph.rpartition(":")
        if (made, self.reading) != (old, before.reading):
            return "software"
        return "documents" if decided == earlier else "decisions"

    def _revisable(self) -> Generation | None:
        """The served generation, when the new one is made in the same way."""
        if self.base is None or self.base.warning:
            return None
        made = self.base.manifest
        alike = (made.graph, made.reading, made.base) == (
            self.graph,
            self.reading,
            self.settings.base,
        )
        counted = (self.base.path / partitions.FILE).is_file()
        return self.base if alike and counted else None

    def _inputs(self, collection: Collection) -> str:
        """A digest of all that decides what a generation would hold."""
        sources = sorted((s.document, s.file, s.sha256) for s in collection.sources.values())
        indexers = [package_digest(indexer) for indexer in self.indexers]
        settings = msgspec.structs.replace(self.settings, keep=0)
        parts: list[Any] = [sources, self.reading, self.graph, indexers, settings]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()

    def _report(
        self, collection: Collection, generation: Generation | None, *, published: bool
    ) -> BuildReport:
        before = {source.document: source.file for source in self._before()}
        gone = set(before) - set(collection.sources) if published else set()
        return BuildReport(
            generation.path.name if generation else None,
            published,
            tuple(collection.read),
            tuple(collection.unchanged),
            tuple(sorted(before[document] for document in gone)),
            tuple(collection.failures),
            generation.manifest.counts if generation else {},
            self._seconds(),
        )

    def _seconds(self) -> float:
        return round(time.monotonic() - self.began, 2)

    def _before(self) -> tuple[Source, ...]:
        return self.base.manifest.sources if self.base else ()


def _served(home: Path) -> Generation | None:
    try:
        return open_generation(home)
    except GenerationError:
        return None
