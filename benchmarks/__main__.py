"""``python -m benchmarks``: every benchmark in turn, then one table of what all found.

    python -m benchmarks [--corpus FOLDER] [--long] [--save] [--only PART,PART]
    python -m benchmarks [--corpus FOLDER] [--save] PART ARGUMENT …

Each figure stands beside a peer's or a limit's of the same run, because machines differ and are
noisy. The second form runs one part with its own arguments (``PART --help``). ``--long`` adds
what takes hours: growth to 10,000 documents, search over a million passages, load for ten
minutes. ``--save`` keeps the table as ``docs/benchmarks.md``, where parts that were not run stay
as they were. The exit status is 1 when a part failed or missed a goal.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.results import TO, Result, told
from benchmarks.table import Part, machine, merged, page, printed

HERE = Path(__file__).parent
KEPT = HERE / "results.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
PROGRAM = "from server.cli import main; main()"
DATA = "{data}"
"""In a plan, stands for a data directory that is built from the corpus."""

Plan = dict[str, tuple[str, ...]]
"""The parts to run, each with its arguments."""

GENERATED = ("sparql",)
"""Parts that make their data, whatever the corpus."""


def quick(corpus: str) -> Plan:
    """About ten minutes on two cores over the sample documents."""
    return {
        "build": (corpus,),
        "search": (DATA,),
        "ask_latency": (DATA, str(HERE / "questions.jsonl")),
        "pages": (DATA,),
        "footprint": (DATA,),
        "sparql": (),
        "load": (DATA, "--minutes", "1", "--anew", "1", "--switch", "20", "--warm", "20"),
        "growth": (corpus, "--documents", "10,100", "--paragraphs", "6"),
    }


def long(corpus: str) -> Plan:
    """Hours, and about 10 GB of disk."""
    return quick(corpus) | {
        "load": (DATA,),
        "growth": (corpus, "--documents", "10,100,1000,10000", "--paragraphs", "6"),
        "size": (DATA, "8000", "80000", "200000", "1000000"),
    }


def main(arguments: Sequence[str]) -> int:
    """Run, print, and keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--corpus", default="corpus", help="documents to measure with")
    parser.add_argument("--long", action="store_true", help="what takes hours, too")
    parser.add_argument("--save", action="store_true", help="keep the table in the docs")
    parser.add_argument("--only", default="", metavar="PART,PART", help="these parts alone")
    parser.add_argument("part", nargs="?", choices=sorted(long("")), help="one part, with its own")
    parser.add_argument("own", nargs=argparse.REMAINDER, help="arguments")
    chosen = parser.parse_args(arguments)
    plan = (long if chosen.long else quick)(chosen.corpus)
    if chosen.part:
        plan = {chosen.part: tuple(chosen.own)}
    elif chosen.only:
        names = chosen.only.split(",")
        if unknown := set(names) - set(plan):
            parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(plan)}")
        plan = {name: plan[name] for name in names}
    parts = list(_run(plan, Path(chosen.corpus)))
    Console(width=180).print(printed(parts))
    if chosen.save:
        keep(parts)
    return int(any(part.missed for part in parts))


def keep(parts: Iterable[Part]) -> None:
    """Put parts in the place of those kept, and make the page anew."""
    before = KEPT.read_bytes() if KEPT.is_file() else b"[]"
    now = merged(msgspec.json.decode(before, type=list[Part]), parts)
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(now)) + b"\n")
    PAGE.write_text(page(now), encoding="utf-8")


def _run(plan: Plan, corpus: Path) -> Iterator[Part]:
    """Each part as a process of its own, so that its memory and its failures are its own."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "data"
        for name, given in plan.items():
            print(f"\n── {name} ──", flush=True)
            if DATA in given and not home.exists():
                command = [sys.executable, "-c", PROGRAM, "build", str(corpus)]
                subprocess.run([*command, "--data", str(home)], check=False)
            arguments = [str(home) if each == DATA else each for each in given]
            yield _part(name, arguments, corpus, Path(scratch) / f"{name}.jsonl")


def _part(name: str, arguments: Sequence[str], corpus: Path, lines: Path) -> Part:
    lines.touch()
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    environment = {**os.environ, TO: str(lines), "TQDM_DISABLE": "1"}
    last = ""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        for said in running.stderr or ():
            sys.stderr.write(said)
            last = said.strip() or last
    status, results = running.returncode, told(lines)
    return Part(
        name=name,
        collection="generated" if name in GENERATED else corpus.resolve().name,
        day=date.today().isoformat(),
        version=version("findings-graph"),
        machine=machine(),
        results=results,
        load=load,
        failure=failure(status, last, results),
    )


def failure(status: int, last: str, results: Sequence[Result]) -> str:
    """What is wrong with a part that ended so, in its last words; nothing, if nothing is."""
    if status:
        return last[:200] or f"exit status {status}"
    return "" if results else "nothing was measured"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
