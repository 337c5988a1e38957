"""How much asking costs above encoding the question.

    python -m benchmarks ask_latency DATA [QUESTIONS.jsonl]

``DATA`` is a built data directory; questions are lines with a ``question``, such as those
of ``questions.jsonl`` beside this file; without any, the forms' own are asked. Prints medians
in milliseconds of the processor, measured side by side in one run. The goal is encoding plus 60 ms.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.results import Result, at_most, tell
from search.ask.asker import Asker
from search.ask.forms import forms
from search.opened import open_data

ALLOWED = 60.0
ROUNDS = 3


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    with open_data(Path(arguments[0])) as opened:
        asker = Asker(opened)
        embedder = opened.searcher.embedder
        parts: dict[str, Callable[[str], object]] = {
            "encode the question": lambda question: embedder.encode([question]),
            "ask": asker.ask,
        }
        questions = _questions(Path(arguments[1])) if len(arguments) > 1 else _samples()
        times = _measure(parts, questions)
    _show(times, len(questions))
    (ours, high), (encoding, _) = times["ask"], times["encode the question"]
    of = f"{len(questions)} questions"
    tell([
        Result(what="ask beyond encoding, processor", ours=ours - encoding, unit="ms", of=of,
               goal=at_most(ALLOWED, "ours"), note=f"95 per cent: {high - encoding:.0f} ms"),
    ])  # fmt: skip


def _samples() -> list[str]:
    return [question for form in forms().values() for question in form.tests]


def _questions(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def _measure(
    parts: dict[str, Callable[[str], object]], questions: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each part; parts take turns, so that load hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(ROUNDS + 1):
        for question in questions:
            for name, part in parts.items():
                start = time.process_time()
                part(f"{question} ")
                if number:
                    taken[name].append((time.process_time() - start) * 1000)
    return {
        name: (statistics.median(times), statistics.quantiles(times, n=20)[-1])
        for name, times in taken.items()
    }


def _show(times: dict[str, tuple[float, float]], questions: int) -> None:
    table = Table("part", "median ms, processor", "95 % ms", title=f"{questions} questions")
    for name, (median, high) in times.items():
        table.add_row(name, f"{median:.1f}", f"{high:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
