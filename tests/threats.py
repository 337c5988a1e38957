"""The table of threats: written as a page, and proved by taking each defence away.

python -m tests.threats page docs/threats.md
python -m tests.threats prove [WORD]         only rows whose threat has the word
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).with_suffix(".yaml")
SECONDS = 240
"""After which a test that never ends without its defence has failed."""


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
    """A threat, what stands against it, the tests, and how the defence is taken away."""

    threat: str
    defence: str
    tests: tuple[str, ...]
    without: tuple[Change, ...] = ()


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
        "Each row has a test. Where the last column says so, `make prove` takes the defence away",
        "in a copy of the project and sees the test fail; the others rest on their tests alone.",
        "This page is made from `tests/threats.yaml` by `make docs`.",
    ]
    for heading, group in table().items():
        parts += [
            "",
            f"## {heading}",
            "",
            "| threat | defence | test | proved |",
            "|---|---|---|---|",
        ]
        for row in group:
            tests = "<br>".join(f"`{test}`" for test in row.tests)
            proved = "<br>".join(f"`{change.file}`" for change in row.without)
            parts.append(f"| {row.threat} | {row.defence} | {tests} | {proved} |")
    return "\n".join(parts) + "\n"


def prove(word: str = "") -> int:
    """Take each defence away in turn; how many rows' tests passed all the same."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for row in rows():
            if row.without and word.lower() in row.threat.lower():
                wrong += not _fails(row, copy)
    return wrong


def _fails(row: Row, copy: Path) -> bool:
    shutil.rmtree(copy, ignore_errors=True)
    ignore = shutil.ignore_patterns(
        ".venv", ".git", "node_modules", "__pycache__", "data", "data-*"
    )
    shutil.copytree(ROOT, copy, ignore=ignore)
    for change in row.without:
        change.apply(copy)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *row.tests]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    try:
        run = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS
        )
        failed = run.returncode == 1
    except subprocess.TimeoutExpired:
        failed = True
    print(f"{'fails as it should' if failed else 'STILL PASSES'}: {row.threat}", flush=True)
    return failed


def main(action: str, argument: str = "") -> int:
    """Write the page, or prove the rows."""
    if action == "page":
        Path(argument).write_text(page())
        return 0
    return min(prove(argument), 1)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
