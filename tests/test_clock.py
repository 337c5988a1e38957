"""A clock that is set back or forward changes neither what is served nor who may ask."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.faults.clock import SHIFTS, Seen

SOURCE = Path(__file__).parent / "faults" / "moving_clock.c"


def test_the_clock_is_set_about(tmp_path: Path) -> None:
    library, files = tmp_path / "moving_clock.so", tmp_path / "files"
    files.mkdir()
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults.clock", files, tmp_path / "data"],
        env={**os.environ, "LD_PRELOAD": str(library)},
        capture_output=True,
        check=True,
    )
    seen = msgspec.json.decode(run.stdout, type=list[Seen])
    this_year = datetime.now(UTC).year
    assert {this_year - 1, this_year + 10} <= {each.year for each in seen}
    numbers = range(1, len(SHIFTS) + 1)
    assert [each.generation for each in seen] == [f"{number:06d}" for number in numbers]
    assert [each.documents for each in seen] == list(numbers)
    assert {each.rows for each in seen} == {5}
    # The budget is spent at the first look: whoever waits, waits for the rest of one minute.
    assert all(0 <= each.wait <= 60 for each in seen)
    assert seen[0].wait == 0
