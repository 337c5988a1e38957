"""A data directory and a folder of toy letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import pipeline
from kg.generations import Generation, open_generation
from kg.pipeline import BuildReport, BuildSettings
from kg.progress import Quiet
from kg.store import GraphStore
from tests.kg import toy


@dataclass
class House:
    """A folder of files, a data directory, and the builds between them."""

    files: Path
    home: Path

    def write(self, name: str, text: str) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def build(self, settings: BuildSettings = BuildSettings(), **more: object) -> BuildReport:  # noqa: B008
        return self.run(pipeline.build, [self.files], settings, **more)

    def run(
        self,
        command: Callable[..., BuildReport],
        what: list[object],
        settings: BuildSettings = BuildSettings(),  # noqa: B008
        **more: object,
    ) -> BuildReport:
        options = {"indexers": [], "report": Quiet(), "tools": toy.tools(), **more}
        return command(what, self.home, settings, **options)

    @property
    def generation(self) -> Generation:
        return open_generation(self.home, full=True)

    @property
    def store(self) -> GraphStore:
        return GraphStore(self.generation.store)

    def quads(self) -> set[str]:
        return {str(quad) for quad in self.store.all()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    files = tmp_path / "files"
    files.mkdir()
    return House(files, tmp_path / "data")
