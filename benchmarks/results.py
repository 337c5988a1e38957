"""What a benchmark found, in one form for all of them.

A benchmark is a program of its own (``benchmarks/NAME.py``) that prints what it likes and hands
its results to :func:`tell`. ``python -m benchmarks`` gathers those of all programs in one table;
a program started alone keeps them to itself. Its exit status is 0 whenever it came to its end:
whether goals are met is in the results.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

TO = "FINDINGS_BENCHMARK_RESULTS"
"""Names, in the environment, the file of JSON lines that results are added to."""


class Goal(msgspec.Struct, frozen=True):
    """A bound on the ratio to the peer, or on our own figure; within it the goal is met."""

    side: Literal["at least", "at most"]
    bound: float
    of: Literal["ratio", "ours"] = "ratio"


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure of ours, beside a peer's or a limit's of the same run where there is one.

    ``what`` is measured in ``unit`` over ``of`` (documents, passages, quads); ``against`` names
    the peer or limit. ``note`` says what the figures alone do not.
    """

    what: str
    ours: float
    unit: str
    of: str = ""
    against: str = ""
    peer: float | None = None
    goal: Goal | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's; none without a peer, or beside one that took nothing."""
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; none where there is no goal, or nothing to judge by it."""
        judged = self.ours if self.goal and self.goal.of == "ours" else self.ratio
        if self.goal is None or judged is None:
            return None
        return (
            judged >= self.goal.bound
            if self.goal.side == "at least"
            else (judged <= self.goal.bound)
        )


def at_least(bound: float, of: Literal["ratio", "ours"] = "ratio") -> Goal:
    """A goal that more is better for."""
    return Goal("at least", bound, of)


def at_most(bound: float, of: Literal["ratio", "ours"] = "ratio") -> Goal:
    """A goal that less is better for."""
    return Goal("at most", bound, of)


def tell(results: Iterable[Result]) -> None:
    """Hand results to whoever gathers them; nobody does when a program runs alone."""
    if name := os.environ.get(TO):
        with Path(name).open("ab") as lines:
            lines.writelines(msgspec.json.encode(each) + b"\n" for each in results)


def told(lines: Path) -> tuple[Result, ...]:
    """What was handed over so far."""
    return tuple(msgspec.json.Decoder(Result).decode_lines(lines.read_bytes()))
