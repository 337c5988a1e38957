"""Building from the command line: the pipeline with its indexers, bars, and a last report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import typer

from kg import pipeline
from kg.crew import Crew
from kg.errors import GenerationError
from kg.fetch import fetch, is_address
from kg.generations import open_generation
from kg.pipeline import BuildReport, BuildSettings
from kg.progress import Bars
from kg.remote.push import Pushed
from kg.tools import Tools, standard
from search.index import Indexer
from search.stores import Stores
from server import output


class Outcome(msgspec.Struct, frozen=True):
    """What a build did, ready to be told."""

    report: BuildReport
    pushed: tuple[Pushed, ...] = ()

    def tell(self, as_json: bool) -> None:
        """Print the report; exit with status 1 when a file could not be built."""
        report = self.report
        for failure in report.failed:
            output.note(str(failure))
        if as_json:
            output.data(report)
        else:
            output.note(_summary(report))
            for pushed in self.pushed:
                output.note(told(pushed))
        if report.failed:
            raise typer.Exit(1)


class Building:
    """A data directory and the settings by which it is built."""

    def __init__(
        self, home: Path, model: str, base: str | None = None, names: str = "printed"
    ) -> None:
        chosen = {"model": model, "names": names, **({"base": base} if base else {})}
        self._home = home
        self._settings = msgspec.convert(chosen, BuildSettings)

    @classmethod
    def of(cls, home: Path, model: str) -> Building:
        """The settings of the generation that is served."""
        manifest = open_generation(home, full=False).manifest
        return cls(home, model, manifest.base, manifest.names)

    def build(self, paths: Iterable[Path]) -> Outcome:
        """Make the collection what the paths hold."""
        return self._run(pipeline.build, paths)

    def add(self, named: Iterable[str]) -> Outcome:
        """Add what paths hold, and what public addresses give."""
        paths = [fetch(n, self._home) if is_address(n) else Path(n) for n in named]
        return self._run(pipeline.add, paths)

    def remove(self, documents: Iterable[str]) -> Outcome:
        """Take documents out."""
        return self._run(pipeline.remove, documents)

    def _run(self, step: Callable[..., BuildReport], what: Iterable[Any]) -> Outcome:
        tools: Tools = standard(self._settings.model, self._home, Crew("search.crew"))
        with Bars() as bars:
            report = step(
                what,
                self._home,
                self._settings,
                indexers=[Indexer(tools.embedder)],
                report=bars,
                tools=tools,
            )
        if report.generation is None:
            raise GenerationError(
                "Nothing was built.",
                why=f"None of {len(report.failed)} files could be read.",
                cure="The lines above say what is wrong with each.",
            )
        with Bars() as bars:
            bars.stage("push")
            pushed = tuple(Stores(self._home).push(bars.step))
        return Outcome(report, pushed)


def told(pushed: Pushed) -> str:
    """What a push did, in a line."""
    return (
        f"Generation {pushed.generation} is in the {pushed.store} store: {pushed.written} written, "
        f"{pushed.dropped} dropped, {pushed.unchanged} unchanged."
    )


def _summary(report: BuildReport) -> str:
    counts = report.counts
    done = (
        f"{len(report.read)} read, {len(report.unchanged)} unchanged, "
        f"{len(report.removed)} removed, {len(report.failed)} failed in {report.seconds:.1f} s."
    )
    if not report.published:
        return f"{done} Nothing changed; generation {report.generation} is served as before."
    return (
        f"{done} Generation {report.generation} is published: "
        f"{counts.get('documents', 0):,} documents, {counts.get('passages', 0):,} passages, "
        f"{counts.get('quads', 0):,} quads."
    )
