"""What every evaluation hands back, and how it is shown.

Outcome(name, measures, counts, misses) ──▶ a table on a terminal, or JSON
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from rich.console import Console, Group
from rich.table import Table


class Measure(msgspec.Struct, frozen=True):
    """One figure beside its goal. ``low`` and ``high`` bound it at 95 per cent, if known."""

    name: str
    value: float
    goal: float | None = None
    at_most: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


class Miss(msgspec.Struct, frozen=True):
    """One item that was not right: which, what was expected, what came instead."""

    item: str
    expected: str
    found: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """The result of one evaluation."""

    name: str
    measures: tuple[Measure, ...]
    counts: Mapping[str, int] = {}
    misses: tuple[Miss, ...] = ()


def bootstrap(values: Sequence[float], samples: int = 2000) -> tuple[float, float]:
    """Bounds of the mean at 95 per cent, by resampling the items with a fixed seed."""
    numbers = np.asarray(values, dtype=float)
    if not len(numbers):
        return 0.0, 0.0
    chosen = np.random.default_rng(0).integers(len(numbers), size=(samples, len(numbers)))
    low, high = np.percentile(numbers[chosen].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def mean(name: str, values: Sequence[float], goal: float | None = None) -> Measure:
    """The measure that is the mean of a value of each item, with its bounds."""
    low, high = bootstrap(values)
    return Measure(name, float(np.mean(values)) if len(values) else 0.0, goal, low=low, high=high)


def as_json(outcomes: Sequence[Outcome]) -> bytes:
    """Outcomes as JSON."""
    return msgspec.json.format(msgspec.json.encode({"outcomes": list(outcomes)}))


def show(outcomes: Sequence[Outcome], console: Console, *, misses: bool = True) -> None:
    """Print outcomes: one table of measures, then every miss."""
    console.print(measures_table(outcomes))
    if misses:
        console.print(Group(*(misses_table(o) for o in outcomes if o.misses)))


def measures_table(outcomes: Sequence[Outcome]) -> Table:
    """Measures of all outcomes, a line each."""
    table = Table("evaluation", "measure", "value", "95 %", "goal", "met", "items")
    for outcome in outcomes:
        items = ", ".join(f"{count} {name}" for name, count in outcome.counts.items())
        for number, measure in enumerate(outcome.measures):
            head = (outcome.name, items) if number == 0 else ("", "")
            table.add_row(head[0], *_cells(measure), head[1])
    return table


def misses_table(outcome: Outcome) -> Table:
    """What one evaluation got wrong, a line each."""
    table = Table(
        "item", "expected", "found", title=f"{outcome.name}: {len(outcome.misses)} misses"
    )
    for miss in outcome.misses:
        table.add_row(miss.item, miss.expected, miss.found)
    return table


def _cells(measure: Measure) -> tuple[str, str, str, str, str]:
    bounds = "" if measure.low is None else f"{measure.low:.3f} – {measure.high:.3f}"
    sign = "≤" if measure.at_most else "≥"
    goal = "" if measure.goal is None else f"{sign} {measure.goal:.3f}"
    met = {None: "", True: "yes", False: "NO"}[measure.met]
    return measure.name, f"{measure.value:.3f}", bounds, goal, met
