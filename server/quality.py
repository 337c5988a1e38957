"""How good the extraction is: what the last evaluation measured, kept as ``quality.json``.

``findings evaluate GOLD_DIR --save server/quality.json`` writes the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec

from search.evaluate.report import Outcome
from search.opened import Opened

FILE = "quality.json"

LEARNED = ("findings",)
"""Outcomes on the very labels that a model learned from: they tell nothing of new documents."""


class Figure(msgspec.Struct, frozen=True):
    """One measure of one task, with the bounds of 95 per cent where they are known."""

    task: str
    measure: str
    value: float
    goal: float | None = None
    at_most: bool = False
    low: float | None = None
    high: float | None = None
    labels: int = 0

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


class Quality(msgspec.Struct, frozen=True):
    """An evaluation: the ISO day, and how many documents of how many councils it read."""

    day: str
    documents: int
    councils: int
    model: str
    figures: tuple[Figure, ...]

    def tasks(self) -> list[tuple[str, list[Figure]]]:
        """Each task with its figures, in the order of the evaluation."""
        return [(task, list(of)) for task, of in groupby(self.figures, attrgetter("task"))]


def measured(outcomes: Iterable[Outcome], opened: Opened) -> Quality:
    """What to keep of an evaluation of a generation: measures with a goal, without misses."""
    documents = opened.catalogue.documents()
    figures = (
        Figure(
            outcome.name,
            one.name,
            round(one.value, 4),
            one.goal,
            one.at_most,
            None if one.low is None else round(one.low, 4),
            None if one.high is None else round(one.high, 4),
            next(iter(outcome.counts.values()), 0),
        )
        for outcome in outcomes
        for one in outcome.measures
        if outcome.name not in LEARNED and one.goal is not None
    )
    return Quality(
        date.today().isoformat(),
        len(documents),
        len({summary.authority for summary in documents if summary.authority}),
        opened.generation.manifest.embedder,
        tuple(figures),
    )


def save(quality: Quality, path: Path) -> None:
    """Write an evaluation as the data file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(quality)) + b"\n")


@cache
def shipped() -> Quality | None:
    """The evaluation that came with this version; None where there was none."""
    path = files("server") / FILE
    return msgspec.json.decode(path.read_bytes(), type=Quality) if path.is_file() else None
