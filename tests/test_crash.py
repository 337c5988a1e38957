"""kill -9 at any moment leaves the served generation whole, and the next build completes."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.generations import check, open_generation
from kg.verify import verify
from tests.kg import builder, toy

STEPS = (
    "after-reading",
    "after-begin",
    "during-graph",
    "after-graph",
    "after-catalogue",
    "after-index",
    "after-seal",
    "before-rename",
    "after-rename",
    "before-switch",
    "after-switch",
    "during-prune",
)
SWITCHED = ("after-switch", "during-prune")


@dataclass
class Place:
    """A folder of files and a data directory."""

    files: Path
    home: Path

    def grow(self) -> int:
        """One more file than there is; the number there is then."""
        count = len(list(self.files.iterdir())) + 1
        (self.files / f"{count}.txt").write_text(toy.letter(count))
        return count

    def served(self) -> int:
        """The number of documents that are served, after checking them through."""
        generation = open_generation(self.home)
        assert generation.warning == ""
        return verify(generation.path).documents

    def crash(self, step: str) -> None:
        """Build, and die at a step."""
        process = builder.start(self.files, self.home, step)
        process.join(60)
        assert process.exitcode == -signal.SIGKILL

    def complete(self) -> None:
        """The next build completes and leaves nothing behind."""
        process = builder.start(self.files, self.home)
        process.join(60)
        assert process.exitcode == 0
        left = sorted((self.home / "generations").iterdir())
        assert len(left) <= 2
        for path in left:
            assert path.name.isdigit()
            check(path)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place in which two generations were built."""
    files = tmp_path / "files"
    files.mkdir()
    found = Place(files, tmp_path / "data")
    for _ in range(2):
        found.grow()
        found.complete()
    return found


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_a_named_step(place: Place, step: str) -> None:
    now = place.grow()
    place.crash(step)
    assert place.served() == (now if step in SWITCHED else now - 1)
    place.complete()
    assert place.served() == now


def test_a_crash_at_random_moments(place: Place) -> None:
    """One build after another in one place, until thirty were killed somewhere on their way.

    A build that was faster than its moment shortens the next, so that the test ends on any machine.
    """
    moments = random.Random(20)  # noqa: S311
    place.grow()
    began = time.monotonic()
    place.complete()
    length = time.monotonic() - began
    killed = 0
    while killed < 30:
        before, now = place.served(), place.grow()
        process = builder.start(place.files, place.home)
        time.sleep(moments.random() * length)
        process.kill()
        process.join()
        assert before <= place.served() <= now
        if process.exitcode == -signal.SIGKILL:
            killed += 1
        else:
            length *= 0.8
    place.complete()
    assert place.served() == now
