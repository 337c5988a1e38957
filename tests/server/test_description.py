"""The OpenAPI description is true: requests made from it get the answers that it promises."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.server.loopback import served


@pytest.fixture
def address(web: Flask) -> Iterator[str]:
    """The service on loopback."""
    with served(web) as found:
        yield found


def test_every_answer_is_as_described(address: str, tmp_path: Path) -> None:
    """Schemathesis with every check and phase, the same requests each time."""
    run = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "run",
            f"{address}/api/v1/openapi.json",
            "--checks=all",
            "--mode=all",
            "--continue-on-failure",
            "--max-examples=15",
            "--generation-deterministic",
            "--suppress-health-check=filter_too_much",
            "--warnings=off",
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout[-9000:]
