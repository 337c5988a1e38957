"""One table of what all benchmarks found, printed, and kept as a page of the docs.

What is kept stands in ``benchmarks/results.json``: a run of some parts takes the place of those
parts over the same collection and leaves the others, each with the day it was measured.
``docs/benchmarks.md`` is made from it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.table import Table

from benchmarks.results import Result

HEADS = ("part", "what", "of", "ours", "against", "theirs", "ratio", "goal", "met")
_RIGHT = {"ours", "theirs", "ratio"}
_BRIEF = 1e4
"""Numbers from here on are written without a fraction, and with commas."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark's results over one collection.

    ``load`` is how many processes wanted the machine's processors when it began, of itself and of
    others; ``failure`` says why there are no more results.
    """

    name: str
    collection: str
    day: str
    version: str
    machine: str
    results: tuple[Result, ...]
    load: float = 0.0
    failure: str = ""

    @property
    def missed(self) -> bool:
        """Whether it failed, or a goal of it was not met."""
        return bool(self.failure) or any(each.met is False for each in self.results)


def machine() -> str:
    """This machine in general terms."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores {platform.machine()}"
        f"{' with bfloat16' if _bfloat16() else ''}, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _bfloat16() -> bool:
    told = Path("/proc/cpuinfo")
    return told.is_file() and "bf16" in told.read_text(encoding="utf-8")


def merged(kept: Iterable[Part], new: Iterable[Part]) -> list[Part]:
    """The parts kept, those measured anew in the place of what they replace, others after."""
    parts = {(each.name, each.collection): each for each in kept}
    parts.update({(each.name, each.collection): each for each in new})
    return list(parts.values())


def rows(parts: Iterable[Part]) -> Iterator[tuple[str, ...]]:
    """A row for each result, as text under :data:`HEADS`, and one for a part that failed."""
    for part in parts:
        for one in part.results:
            yield (
                part.name,
                f"{one.what} ({one.note})" if one.note else one.what,
                f"{part.collection}: {one.of}" if one.of else part.collection,
                _figure(one.ours, one.unit),
                one.against,
                _figure(one.peer, one.unit),
                _number(one.ratio),
                _goal(one),
                {True: "yes", False: "no", None: ""}[one.met],
            )
        if part.failure:
            told = (part.name, f"failed: {part.failure}", part.collection)
            yield (*told, *[""] * (len(HEADS) - len(told) - 1), "failed")


def _figure(value: float | None, unit: str) -> str:
    return f"{_number(value)} {unit}".strip() if value is not None else ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    size = abs(value)
    if size >= _BRIEF or (size >= 100 and value == round(value)):
        return f"{value:,.0f}"
    return f"{value:.3g}" if size < 1000 else f"{value:.0f}"


def _goal(one: Result) -> str:
    if one.goal is None:
        return ""
    bound = _number(one.goal.bound)
    return (
        f"{one.goal.side} {bound} {one.unit}".strip()
        if one.goal.of == "ours"
        else (f"{one.goal.side} {bound}")
    )


def printed(parts: Sequence[Part]) -> Table:
    """The table for a terminal."""
    table = Table(title=parts[0].machine if parts else "", title_justify="left")
    for head in HEADS:
        table.add_column(head, justify="right" if head in _RIGHT else "left")
    last = ""
    for row in rows(parts):
        table.add_row("" if row[0] == last else row[0], *row[1:])
        last = row[0]
    return table


def page(parts: Sequence[Part]) -> str:
    """The page of the docs."""
    newest = max(parts, key=lambda each: each.day)
    heads = (*HEADS, "measured")
    lines = [
        "# Benchmarks, measured",
        "",
        f"Made by `make bench` from `benchmarks/results.json` on {newest.day}, version",
        f"{newest.version}. A ratio is ours divided by theirs, a peer's or a limit's of the same",
        "run. A goal is of the ratio or, where it has a unit, of our own figure. Each row stands",
        "with its day, version, and the load when its part began: how many processes wanted a",
        "processor. Beyond the number of cores, times of the clock are those of a busy machine.",
        "",
        *(f"- {where}: {', '.join(names)}" for where, names in _machines(parts).items()),
        "",
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
    ]
    for part in parts:
        day = f"{part.day}, {part.version}, {part.load:.1f}"
        lines += [f"| {' | '.join(map(_safe, (*row, day)))} |" for row in rows([part])]
    return "\n".join(lines) + "\n"


def _machines(parts: Iterable[Part]) -> dict[str, list[str]]:
    """Which parts were measured on which machine."""
    found: dict[str, list[str]] = {}
    for part in parts:
        found.setdefault(part.machine, []).append(f"{part.name} over {part.collection}")
    return found


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|")
