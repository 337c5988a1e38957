"""What a confined process can no longer do, tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"from kg import confine\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("keep_user", [False, True])
def test_there_is_no_network(keep_user: bool) -> None:
    """Where the system forbids it, the function says so."""
    done = run(
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        f"left = confine.leave_network(keep_user={keep_user})\n"
        "try:\n    socket.create_connection(server.getsockname(), 2)\n"
        "except OSError:\n    print(left, False)\n"
        "else:\n    print(left, True)\n"
    )
    assert done.stdout in {"True False\n", "False True\n"}, done.stderr


def test_memory_is_bounded() -> None:
    done = run("confine.bound(memory=300 << 20)\nbytearray(400 << 20)")
    assert "MemoryError" in done.stderr


def test_files_are_bounded() -> None:
    done = run(
        "import tempfile\nconfine.bound(memory=1 << 30, file_bytes=1000)\n"
        "with tempfile.TemporaryFile() as file:\n    file.write(bytes(2000))\n    file.flush()"
    )
    assert done.returncode != 0
    assert "File too large" in done.stderr


def test_each_piece_of_work_has_its_own_time() -> None:
    done = run("confine.bound(memory=1 << 30, cpu_seconds=0)\nwhile True: pass")
    assert done.returncode < 0


def test_it_dies_unless_its_parent_is_who_it_should_be() -> None:
    done = run("confine.die_with(1)\nprint('lives')")
    assert (done.returncode, done.stdout) == (0, "")
    done = run("import os\nconfine.die_with(os.getppid())\nprint('lives')")
    assert done.stdout == "lives\n"
