"""A service in a process of its own: stopped gently, and held up by no slow client."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.server.sample import publish, records
from tests.server.test_serve import Running

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECONDS = 60.0
"""Long enough on any machine for what is to happen; shorter than what must not be waited for."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    publish(tmp_path, records())
    service = Running(tmp_path, FINDINGS_STOP_SECONDS="600")
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
        assert service.process.stderr is not None
        service.process.stderr.close()


def _status(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=600) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_what_is_being_answered_is_answered_before_the_end(running: Running) -> None:
    """What runs the query is killed after the signal, and the answer that tells so comes whole."""
    asked = urlencode({"query": ENDLESS})
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(_status, f"{running.address}/sparql?{asked}")
        _wait_for(lambda: 'queries{state="running"} 1' in running.get("/metrics"))
        running.process.send_signal(signal.SIGTERM)
        _wait_for(lambda: _refused(running.address))
        for worker in _workers(running.process.pid):
            os.kill(worker, signal.SIGKILL)
        status, body = answer.result()
    assert running.process.wait(timeout=SECONDS) == 0
    assert status == 500
    assert json.loads(body)["status"] == 500


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.02)


def _workers(parent: int) -> list[int]:
    """The processes that run queries for a service."""
    ours = re.compile(rf"^PPid:\t{parent}$", re.MULTILINE)
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # another process of this machine has just ended
            if ours.search((process / "status").read_text()):
                command = (process / "cmdline").read_bytes()
                found += [int(process.name)] if b"server.sparql.worker" in command else []
    return found


def _refused(address: str) -> bool:
    """Whether a new connection is refused."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=SECONDS):
            return False
    except ConnectionError:
        return True


def test_it_stops_at_once_when_nobody_waits(running: Running) -> None:
    """Though connections are held open."""
    parts = urlsplit(running.address)
    with ExitStack() as open_:
        for _ in range(20):
            open_.enter_context(
                socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
            )
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=SECONDS) == 0


def test_slow_clients_hold_up_nobody(running: Running) -> None:
    """Two hundred connections send their request a byte at a time."""
    parts = urlsplit(running.address)
    with ExitStack() as open_:
        slow = [
            open_.enter_context(
                socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
            )
            for _ in range(200)
        ]
        for sent in b"GET / HT":
            for each in slow:
                each.sendall(bytes([sent]))
            assert running.get("/healthz") == '{"status":"ok"}\n'
            assert "What is loaded" in running.get("/")
