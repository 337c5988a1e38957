"""How time, memory and disk grow with the number of documents.

    python -m benchmarks growth CORPUS [--documents 10,100,300]

Variants of the documents below CORPUS are written as text: of other authorities, other years
and other figures, so that no two are alike and issues, posts and judgements grow as they would.
For each number a collection is built in a fresh directory by the command line, then one
more document is added. Prints seconds, the peak of the largest process, and disk per thousand
passages; past the numbers measured nothing is claimed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg import gazetteer
from kg.errors import UnreadableDocument
from kg.files import discover
from kg.generations import open_generation
from kg.readers import read

_YEAR = re.compile(r"\b(19|20)(\d\d)\b")
_FIGURE = re.compile(r"(?<![\w.,/-])(\d{2,3})(?= (?:children|per cent|social workers|cases)|%)")


def main(arguments: Sequence[str]) -> int:
    """Measure each number and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks growth")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", default="10,100,300")
    chosen = parser.parse_args(arguments)
    numbers = [int(each) for each in chosen.documents.split(",")]
    texts = list(_texts(chosen.corpus))
    table = Table("documents", "passages", "build, s", "s / 1,000 passages", "nothing changed, s",
                  "add one, s", "peak MB of a process", "MB on disk / 1,000 passages")  # fmt: skip
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            table.add_row(*_measured(texts, number, Path(name)))
    Console(width=150).print(table)
    return 0


def _measured(texts: Sequence[str], number: int, folder: Path) -> list[str]:
    files, home, more = folder / "files", folder / "data", folder / "more"
    for each in (files, more):
        each.mkdir()
    for place in range(number):
        (files / f"{place:06d}.txt").write_text(_variant(texts, place), encoding="utf-8")
    (more / "one.txt").write_text(_variant(texts, number), encoding="utf-8")
    built, peak = _command("build", files, home)
    again, _ = _command("build", files, home)
    counts = open_generation(home, full=False).manifest.counts
    disk = _bytes(open_generation(home, full=False).path)
    added, more_peak = _command("add", more, home)
    thousands = counts["passages"] / 1000
    return [f"{counts['documents']:,}", f"{counts['passages']:,}", f"{built:.0f}",
            f"{built / thousands:.1f}", f"{again:.1f}", f"{added:.1f}",
            f"{max(peak, more_peak):.0f}", f"{disk / 1e6 / thousands:.1f}"]  # fmt: skip


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
    text = _YEAR.sub(lambda m: f"{m[1]}{(int(m[2]) + turn) % 24:02d}", text)
    return _FIGURE.sub(lambda m: str(10 + (int(m[1]) + 7 * turn) % 980), text)


def _command(step: str, what: Path, home: Path) -> tuple[float, float]:
    """Seconds that a command takes, and the peak MB of the largest of its processes."""
    code = (
        "import resource, sys; from server.cli import main\n"
        "try: main()\n"
        "finally:\n"
        "    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)\n"
        "    peak = max(resource.getrusage(each).ru_maxrss for each in who)\n"
        "    print('peak', peak, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, step, str(what), "--data", str(home)]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    peak = re.search(r"^peak (\d+)$", done.stderr, re.M)
    if peak is None:
        raise RuntimeError(done.stderr)
    return seconds, int(peak[1]) / 1024


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
