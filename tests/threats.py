"""The table of threats: written as a page, and proved by taking each defence away.

python -m tests.threats page docs/threats.md
python -m tests.threats prove [WORD]         only rows whose threat has the word
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import yaml

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).with_suffix(".yaml")
SECONDS = 180
"""After which a test that never ends without its defence has failed."""

LEFT_OUT = (".venv", ".git", "node_modules", "__pycache__", "data", "data-*")


class Change(msgspec.Struct, frozen=True):
    """What takes a defence away: words of a file, which stand there once, and others for them."""

    file: str
    find: str
    put: str

    def places(self, root: Path = ROOT) -> int:
        """How often the words stand in the file."""
        return (root / self.file).read_text().count(self.find)

    def apply(self, root: Path) -> None:
        """Change the file below ``root``."""
        path = root / self.file
        path.write_text(path.read_text().replace(self.find, self.put))


class Row(msgspec.Struct, frozen=True):
    """A threat, what stands against it, the tests, and how the defence is taken away.

    ``hangs`` says that the tests, or what they start, never end without it.
    """

    threat: str
    defence: str
    tests: tuple[str, ...]
    without: tuple[Change, ...]
    hangs: bool = False


def table() -> dict[str, list[Row]]:
    """Rows by heading."""
    return msgspec.convert(yaml.safe_load(TABLE.read_text()), dict[str, list[Row]])


def rows() -> Iterator[Row]:
    """All rows in order."""
    for group in table().values():
        yield from group


def page() -> str:
    """The table as Markdown."""
    parts = [
        "# Faults and threats",
        "",
        "Each row has a test. `make prove` runs the tests in a copy of the project, takes one",
        "defence after another away, in the files of the last column, and sees the row fail.",
        "This page is made from `tests/threats.yaml` by `make docs`.",
    ]
    for heading, group in table().items():
        parts += [
            "",
            f"## {heading}",
            "",
            "| threat | defence | test | taken away in |",
            "|---|---|---|---|",
        ]
        for row in group:
            tests = "<br>".join(f"`{test}`" for test in row.tests)
            proved = "<br>".join(f"`{change.file}`" for change in row.without)
            parts.append(f"| {row.threat} | {row.defence} | {tests} | {proved} |")
    return "\n".join(parts) + "\n"


def prove(word: str = "") -> int:
    """Take each defence away in turn; how many rows' tests passed all the same.

    First the same tests must pass in a copy with every defence, or their failing proves nothing.
    """
    chosen = [row for row in rows() if word.lower() in row.threat.lower()]
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder) / "whole")
        tests = dict.fromkeys(test for row in chosen for test in row.tests)
        print(f"{len(tests)} tests with every defence", flush=True)
        if (code := _pytest(copy, tuple(tests), None)) != 0:
            print(f"do not pass (status {code}); nothing can be proved")
            return len(chosen)
        return sum(not _fails(row, Path(folder) / "without") for row in chosen)


def _copy(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return folder


def _pytest(root: Path, tests: Sequence[str], seconds: float | None) -> int | None:
    """The exit status of the tests, run until the first that fails; None when time was up."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with (root / "output").open("wb") as output:
        try:
            run = subprocess.run(
                command, cwd=root, env=environment, stdout=output, stderr=output, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return None
    return run.returncode


def _fails(row: Row, copy: Path) -> bool:
    _copy(copy)
    for change in row.without:
        change.apply(copy)
    code = _pytest(copy, row.tests, SECONDS if row.hangs else None)
    failed = code == 1 or (code is None and row.hangs)
    found = re.findall(r"^FAILED .*|^ERROR .*", (copy / "output").read_text(), re.MULTILINE)
    how = "it never ends" if code is None else " ".join(found)[:200]
    print(f"{'fails as it should' if failed else 'STILL PASSES'}: {row.threat}: {how}", flush=True)
    return failed


def main(action: str, argument: str = "") -> int:
    """Write the page, or prove the rows."""
    if action == "page":
        Path(argument).write_text(page())
        return 0
    return min(prove(argument), 1)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
