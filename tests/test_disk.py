"""A disk that refuses: at each write, full, or read-only. The last generation goes on serving.

The calls of one build are counted; then builds run in which one of them fails once, or in which
all fail from one on. That each fault was met is asserted too, so a fault that no longer
reaches the build fails the test.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from kg.generations import open_generation
from kg.verify import verify
from tests.faults.runner import Fault, Outcome
from tests.kg import builder, toy

SOURCE = Path(__file__).parent / "faults" / "failing_disk.c"
MOMENTS = 8


@dataclass
class Disk:
    """A data directory with two documents, a third that waits, and builds that may fail."""

    files: Path
    home: Path
    runner: subprocess.Popen[bytes]
    calls: int = 0

    def at(self, moment: int) -> int:
        """The number of a call, well before the last: there are not as many each time."""
        return 2 + moment * self.calls // (MOMENTS + 1)

    def build(self, at: int = 0, error: int = 0, *, lasting: bool = False) -> tuple[Outcome, Path]:
        """One build on a copy of the directory, under a fault; what came of it and the copy."""
        copy = self.home.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.home, copy, symlinks=True)
        fault = Fault(str(self.files), str(copy), at, error, lasting)
        assert self.runner.stdin is not None
        assert self.runner.stdout is not None
        self.runner.stdin.write(msgspec.json.encode(fault) + b"\n")
        self.runner.stdin.flush()
        outcome = msgspec.json.decode(self.runner.stdout.readline(), type=Outcome | None)
        assert outcome is not None, "the build ended with an error that is not one of ours"
        return outcome, copy


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """Two documents are served, three lie in the folder."""
    place = tmp_path_factory.mktemp("disk")
    library = place / "failing_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    files, home = place / "files", place / "data"
    files.mkdir()
    for number in (1, 2, 3):
        (files / f"{number}.txt").write_text(toy.letter(number))
        if number < 3:
            process = builder.start(files, home)
            process.join(60)
    runner = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.runner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "LD_PRELOAD": str(library)},
    )
    with runner:
        found = Disk(files, home, runner)
        found.calls = found.build()[0].calls
        yield found


def check(disk: Disk, outcome: Outcome, copy: Path) -> None:
    """What serves is whole, nothing was left out in silence, and a sound disk mends all."""
    assert not outcome.failed
    assert outcome.published or "build again" in outcome.message
    served = open_generation(copy)
    assert served.warning == ""
    whole = outcome.published or served.path.name == "000003"
    assert verify(served.path).documents == (3 if whole else 2)
    process = builder.start(disk.files, copy)
    process.join(60)
    assert process.exitcode == 0
    assert verify(open_generation(copy).path).documents == 3


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_one_write_fails(disk: Disk, moment: int) -> None:
    outcome, copy = disk.build(disk.at(moment), errno.EIO)
    check(disk, outcome, copy)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_the_disk_is_full(disk: Disk, moment: int) -> None:
    at = disk.at(moment)
    outcome, copy = disk.build(at, errno.ENOSPC, lasting=True)
    assert outcome.calls >= at
    assert not outcome.published
    check(disk, outcome, copy)


def test_the_disk_is_read_only(disk: Disk) -> None:
    outcome, copy = disk.build(1, errno.EROFS, lasting=True)
    assert "Read-only file system" in outcome.message
    check(disk, outcome, copy)
