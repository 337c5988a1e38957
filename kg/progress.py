"""How a build tells what it is doing: bars on a terminal's standard error, or nothing."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)


class Reporter(Protocol):
    """Is told each stage with its number of steps, and each step done."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins; ``total`` is unknown when None."""
        ...

    def step(self) -> None:
        """One step of the stage is done."""
        ...


class Quiet:
    """Tells nothing."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def step(self) -> None:
        """Say nothing."""


class Bars:
    """One bar a stage, with counts and time left; shows only on a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        """A new bar."""
        self._task = self._progress.add_task(name, total=total)

    def step(self) -> None:
        """Move the last bar."""
        if self._task is not None:
            self._progress.advance(self._task)
