"""A service in a process of its own: stopped gently, and held up by no slow client."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.server.sample import publish, records
from tests.server.test_serve import Running

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DEADLINE = "3"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    publish(tmp_path, records())
    service = Running(tmp_path)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
        assert service.process.stderr is not None
        service.process.stderr.close()


def _status(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_what_is_being_answered_is_answered_before_the_end(running: Running) -> None:
    """The query meets its deadline seconds after the signal, and its answer still comes whole."""
    outcome: list[tuple[int, bytes]] = []
    asked = urlencode({"query": ENDLESS, "timeout": DEADLINE})
    waiting = threading.Thread(
        target=lambda: outcome.append(_status(f"{running.address}/sparql?{asked}"))
    )
    waiting.start()
    _wait_for_query(running)
    running.process.send_signal(signal.SIGTERM)
    assert _refused(running.address)
    waiting.join(timeout=20)
    assert running.process.wait(timeout=20) == 0
    status, body = outcome[0]
    assert status == 504
    assert json.loads(body)["status"] == 504


def _wait_for_query(running: Running) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if re.search(r'queries\{state="running"\} 1', running.get("/metrics")):
            return
        time.sleep(0.05)
    raise AssertionError("the query did not start")


def _refused(address: str) -> bool:
    """Whether new connections are soon refused."""
    parts, until = urlsplit(address), time.monotonic() + 2
    while time.monotonic() < until:
        try:
            with socket.create_connection((parts.hostname, parts.port), timeout=1):
                time.sleep(0.05)
        except ConnectionRefusedError:
            return True
    return False


def test_it_stops_at_once_when_nobody_waits(running: Running) -> None:
    """Though connections are held open."""
    parts = urlsplit(running.address)
    with ExitStack() as open_:
        for _ in range(20):
            open_.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=5))
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=15) == 0


def test_slow_clients_hold_up_nobody(running: Running) -> None:
    """Two hundred connections send their request a byte at a time."""
    parts = urlsplit(running.address)
    with ExitStack() as open_:
        slow = [
            open_.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=5))
            for _ in range(200)
        ]
        for sent in b"GET / HT":
            for each in slow:
                each.sendall(bytes([sent]))
            assert running.get("/healthz") == '{"status":"ok"}\n'
            assert "What is loaded" in running.get("/")
