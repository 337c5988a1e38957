"""The one place that knows the order: files, records, entities, graph, index, generation.

    report = build([Path("reports")], Path("data"), BuildSettings(), indexers=[…], report=Quiet())

``build`` makes the collection exactly what the paths hold; ``add`` and ``remove`` change the
collection that is served. All three read only what was not read before, publish nothing when
nothing changed, and leave the served generation untouched until the next is complete.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from kg import changes, corrections, fetch, generations, local, partitions
from kg.assemble import Assembly
from kg.collect import Collection, Collector, Failure, Records
from kg.errors import FindingsError, GenerationError
from kg.files import SourceFile, discover
from kg.generations import Generation, Manifest, Source, crash_point, open_generation
from kg.kept import Kept
from kg.lock import writing
from kg.parts import Indexer
from kg.progress import Reporter
from kg.reports import BuildReport, BuildSettings, Status
from kg.tools import Tools, standard
from kg.versions import graph_version, package_digest, reading_version
from ontology.iris import Minter

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
        self.kept = Kept(home, self.tools, self.indexers, settings, self.reading)

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
        many = partial(crew.read, self.kept.start) if crew else None
        alike = self.base is not None and self.base.manifest.reading == self.reading
        known = self._before() if alike else ()
        return Collector(self.tools, self.kept.records, self.report, many, known).collect(files)

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
        self.kept.prune(collection)
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
        records = Records(collection.sources, self.kept.records, self.tools)
        assembly = Assembly(
            fresh,
            Minter(self.settings.base),
            records,
            partial(self.kept.told, records),
            partial(self.kept.graphs, records),
            self.report,
            self._revisable(),
            local.load(self.home, self.settings.base),
        )
        written = assembly.graph(assembly.resolve(self.tools.resolvers, len(collection.sources)))
        crash_point("after-graph")
        assembly.index(self.indexers, partial(self.kept.part, records), written)
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
