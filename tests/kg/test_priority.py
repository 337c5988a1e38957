"""A build gives way to what runs beside it; told by a process of its own, for it lasts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

TOLD = """import os
from kg.priority import give_way
give_way(), give_way()
print(os.getpriority(os.PRIO_PROCESS, 0))"""


@pytest.mark.parametrize(("given", "wanted"), [("", 15), ("0", 0), ("4", 4), ("99", 19)])
def test_a_build_lowers_its_priority_once(given: str, wanted: int) -> None:
    environment = {**os.environ, "FINDINGS_BUILD_NICE": given}
    told = subprocess.run(
        [sys.executable, "-c", TOLD], env=environment, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == max(wanted, os.getpriority(os.PRIO_PROCESS, 0))
