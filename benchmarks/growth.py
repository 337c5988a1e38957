"""How time, memory and disk grow with the number of documents.

    python -m benchmarks growth CORPUS [--documents 10,100,1000] [--paragraphs 12] [--keep FOLDER]

Variants of the documents below CORPUS are written as text: of other authorities, then of other
years, and of other figures, so that no two are alike and issues, posts and judgements grow as
they would.
With ``--paragraphs`` each has its heading and so many paragraphs, taken in turn, so that a great
number of documents fits a small machine. For each number a collection is built in a fresh
directory by the command line, built again with nothing changed, then one more document is added,
and one more, once the first has paid for what only a first one pays. Prints seconds of the clock
and of the processor, the peak of all processes together (shared pages counted once), and disk per
thousand passages; past the numbers measured nothing is claimed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.memory import Memory
from benchmarks.results import Result, at_most, tell
from kg import gazetteer
from kg.errors import UnreadableDocument
from kg.files import discover
from kg.generations import open_generation
from kg.readers import read

_YEAR = re.compile(r"\b(19|20)(\d\d)\b")
_FIGURE = re.compile(r"(?<![\w.,/-])(\d{2,3})(?= (?:children|per cent|social workers|cases)|%)")


HEAD = 14
"""Paragraphs at the beginning that tell what a document is."""


class Took(NamedTuple):
    """Seconds of the clock, of the processor, and MB at the peak, of one command; whether it
    published something, as it does not where a file is a second copy of a document."""

    clock: float
    processor: float
    peak: float
    published: bool


class Grown(NamedTuple):
    """What a collection took: its counts, bytes of its generation, and the three commands."""

    counts: Mapping[str, int]
    disk: int
    built: Took
    again: Took
    added: Took

    @property
    def per_thousand(self) -> float:
        """MB on disk per thousand passages."""
        return self.disk / 1e3 / self.counts["passages"]

    def cells(self) -> list[str]:
        """One row of the table."""
        built, again, added = self.built, self.again, self.added
        return [*(f"{self.counts[name]:,}" for name in ("documents", "passages", "quads")),
                f"{built.clock:.0f} ({built.processor:.0f})", f"{built.peak:,.0f}",
                f"{again.clock:.1f} ({again.processor:.1f})",
                f"{added.clock:.1f} ({added.processor:.1f})", f"{added.peak:,.0f}",
                f"{self.per_thousand:.1f}"]  # fmt: skip

    def results(self) -> list[Result]:
        """What counts of it."""
        of = f"{self.counts['documents']:,} documents, {self.counts['passages']:,} passages"
        least = at_most(3000, "ours")
        return [
            Result(what="build, processor", ours=self.built.processor, unit="s", of=of),
            Result(what="build, peak memory", ours=self.built.peak, unit="MB", of=of, goal=least),
            Result(what="nothing changed, processor", ours=self.again.processor, unit="s", of=of,
                   against="build", peer=self.built.processor),
            Result(what="one more document, processor", ours=self.added.processor, unit="s", of=of,
                   goal=at_most(10, "ours")),
            Result(what="disk per thousand passages", ours=self.per_thousand, unit="MB", of=of),
        ]  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Measure each number, print, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks growth")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", default="10,100,1000")
    parser.add_argument("--paragraphs", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args(arguments)
    numbers = [int(each) for each in chosen.documents.split(",")]
    texts = list(_texts(chosen.corpus))
    rows = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = (chosen.keep or Path(name)) / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            rows.append(_measured(texts, number, chosen.paragraphs, folder))
        _show(rows)
        tell(rows[-1].results())


def _show(rows: Sequence[Grown]) -> None:
    table = Table("documents", "passages", "quads", "build, s (processor)", "peak, MB",
                  "nothing changed, s (processor)", "add one, s (processor)", "peak, MB",
                  "MB on disk / 1,000 passages")  # fmt: skip
    for row in rows:
        table.add_row(*row.cells())
    Console(width=170).print(table)


def _measured(texts: Sequence[str], number: int, paragraphs: int, folder: Path) -> Grown:
    files, home = folder / "files", folder / "data"
    files.mkdir()

    def write(place: int, below: Path) -> Path:
        text = _shortened(_variant(texts, place), place, paragraphs)
        path = below / f"{place:06d}.txt"
        path.write_text(text, encoding="utf-8")
        return path

    for place in range(number):
        write(place, files)
    built = _command("build", files, home)
    again = _command("build", files, home)
    made = open_generation(home, full=False)
    counts, disk = made.manifest.counts, _bytes(made.path)
    more = (_command("add", write(place, folder), home) for place in count(number))
    _, added = islice((took for took in more if took.published), 2)
    return Grown(counts, disk, built, again, added)


def _shortened(text: str, place: int, paragraphs: int) -> str:
    """A document's heading and a few of its paragraphs, others for each place."""
    parts = text.split("\n\n")
    body = parts[HEAD:]
    if not paragraphs or len(body) <= paragraphs:
        return text
    first = place * paragraphs % len(body)
    return "\n\n".join([*parts[:HEAD], *(body + body)[first : first + paragraphs]])


def _texts(corpus: Path) -> Iterator[str]:
    for source in discover([corpus]):
        try:
            yield read(source.path, source.file).text
        except UnreadableDocument:
            continue


def _variant(texts: Sequence[str], place: int) -> str:
    """One of the texts as if it were of another authority, year and size.

    The authorities are real ones, since those alone are recognised; what is said of them here
    is not, and stays in a directory that is removed.
    """
    turn, which = divmod(place, len(texts))
    text = texts[which]
    if not turn:
        return text
    others = sorted(gazetteer.authorities().values(), key=lambda each: each.slug)
    found = {match.slug for match in gazetteer.find(text)}
    for number, slug in enumerate(sorted(found)):
        new = others[(7 * place + number) % len(others)]
        text = text.replace(gazetteer.authorities()[slug].name, new.name)
    later = turn // len(others) % 3
    text = _YEAR.sub(lambda m: f"{m[1]}{int(m[2]) + later:02d}", text)
    return _FIGURE.sub(lambda m: str(10 + (int(m[1]) + 7 * turn) % 980), text)


def _command(step: str, what: Path, home: Path) -> Took:
    """What a command takes, with all processes that it starts."""
    code = "from server.cli import main; main()"
    command = [sys.executable, "-c", code, step, str(what), "--data", str(home)]
    current = home / "current"
    served, began, before = current.resolve(), time.perf_counter(), os.times()
    with Memory(own=False) as memory:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    clock, after = time.perf_counter() - began, os.times()
    if not current.exists():
        raise RuntimeError(done.stderr)
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    used = max(used, memory.processor)
    print(f"{step} {what}: {clock:.1f} s ({used:.1f}), {memory.peak >> 10} MB", file=sys.stderr)
    return Took(clock, used, memory.peak / 1024, current.resolve() != served)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main(sys.argv[1:])
