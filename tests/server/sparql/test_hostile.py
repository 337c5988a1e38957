"""Two hundred queries that mean harm, with ordinary ones beside them."""

from __future__ import annotations

import http.server
import itertools
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.sparql.errors import QueryFailure
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from tests.server.sparql.conftest import EX, numbered, write_store
from tests.server.sparql.live import serving

CORPUS = Path(__file__).resolve().parents[2] / "hostile"
QUERIES = 200
REFUSALS = {400, 403, 413, 414, 422, 500, 504}
HOSTILE_SECONDS = "1"
"""The deadline of hostile queries: they ask for it, so that ordinary ones have all the time."""
LIMITS = QueryLimits(
    seconds=60.0,
    waiting_seconds=60.0,
    memory=512 << 20,
    workers=3,
    per_client=2,
    milliseconds_per_minute=10_000_000,
    errors_per_minute=10_000,
)


def corpus() -> list[tuple[str, str]]:
    """Kind and text of every query; ``{i}`` and ``{canary}`` still stand in them."""
    shapes = yaml.safe_load((CORPUS / "shapes.yaml").read_text())
    fixed = yaml.safe_load((CORPUS / "fixed.yaml").read_text())
    grown = [
        (kind, _grown(shape, size)) for kind, shape in shapes.items() for size in shape["sizes"]
    ]
    return [*grown, *fixed.items()]


def _grown(shape: dict[str, Any], size: int) -> str:
    opening, closing = shape["repeat"] * size, shape["close"] * size
    return f"{shape['before']}{opening}{shape['middle']}{closing}{shape['after']}"


def made(text: str, number: int, canary: str) -> str:
    return text.replace("{i}", str(number)).replace("{canary}", canary)


@pytest.fixture(scope="module")
def big_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("hostile") / "store", numbered(5000))


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that notes who calls it, and its address."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", calls
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(address: str, client: str, **fields: str) -> tuple[int, bytes]:
    data = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(address, data, {"X-Test-Client": client})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def is_complete(body: bytes) -> bool:
    """JSON results are whole when they parse; a graph in Turtle ends a statement."""
    if body.startswith(b"{"):
        return bool({"results", "boolean"} & set(json.loads(body)))
    return not body.strip() or body.rstrip().endswith(b".")


BARE = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ok(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *arguments): ...
server = HTTPServer(("127.0.0.1", 0), Ok)
print(server.server_port, flush=True)
server.serve_forever()
"""
"""A server with nothing to do: what it takes is the machine's doing."""

LOOKER = """
import json, select, sys, time, urllib.request
seen, ended = [], False
while not ended:
    taken = []
    for address in sys.argv[1:]:
        start = time.perf_counter()
        with urllib.request.urlopen(address, timeout=120) as page:
            assert page.read() == b"ok"
        taken.append(time.perf_counter() - start)
    seen.append(taken)
    ended = bool(select.select([sys.stdin], [], [], 0.02)[0])
print(json.dumps(seen))
"""
"""Looks until its standard input is closed, and only then tells: a pipe that nobody reads from
would fill, and who is killed may leave half a line."""


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that runs until the block ends."""
    command = [sys.executable, "-c", program, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def looking(address: str) -> Iterator[list[tuple[float, float]]]:
    """Seconds that a health page and a bare server's take in turn, seen by a process of its own."""
    taken: list[tuple[float, float]] = []
    with started(BARE) as bare:
        assert bare.stdout is not None
        beside = f"http://127.0.0.1:{int(bare.stdout.readline())}/"
        with started(LOOKER, address, beside) as looker:
            yield taken
            told, _ = looker.communicate()
            assert looker.returncode == 0, "the health page failed"
            taken += [(page, peer) for page, peer in json.loads(told)]


def p99(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return ordered[int(len(ordered) * 0.99)]


def repeat_until(
    stop: threading.Event, pause: float, act: Callable[[int], None]
) -> threading.Thread:
    def loop() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            act(number)
            time.sleep(pause)

    thread = threading.Thread(target=loop)
    thread.start()
    return thread


def resident(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def test_service_survives(big_store: Path, canary: tuple[str, list[str]]) -> None:
    address, calls = canary
    queries = corpus()
    assert len({kind for kind, _ in queries}) >= 12
    chosen = itertools.islice(itertools.cycle(queries), QUERIES)
    statuses: Counter[int] = Counter()
    ordinary: list[tuple[float, int]] = []

    def attack(numbered_query: tuple[int, tuple[str, str]]) -> None:
        number, (kind, text) = numbered_query
        query = made(text, number, address)
        status, body = fetch(sparql, "hostile", query=query, timeout=HOSTILE_SECONDS)
        statuses[status] += 1
        if status == 200:
            assert is_complete(body), kind
        else:
            assert status in REFUSALS, (kind, status, body)
            assert json.loads(body)["title"]

    def ask(number: int) -> None:
        start = time.perf_counter()
        text = f"SELECT ?o {{ <{EX}s{number}> <{EX}p> ?o }}"
        status, body = fetch(sparql, "ordinary", query=text)
        ordinary.append((time.perf_counter() - start, status))
        assert json.loads(body)["results"]["bindings"][0]["o"]["value"] == str(number)

    with serving(big_store, LIMITS) as server:
        sparql, before = server.address + "/sparql", resident(server.pid)
        stop = threading.Event()
        with looking(f"{server.address}/healthz") as health:
            beside = repeat_until(stop, 0.05, ask)
            with ThreadPoolExecutor(4) as attackers:
                list(attackers.map(attack, enumerate(chosen, 1)))
            stop.set()
            beside.join()
        until = time.monotonic() + 60
        while (pool := server.pool())["visitors"]["idle"] < LIMITS.workers:
            assert time.monotonic() < until, "a worker was not replaced"
            time.sleep(0.05)
        held = sum(resident(pid) for pid in pool["pids"])
        grown = resident(server.pid) - before

    page, peer = p99(each for each, _ in health), p99(each for _, each in health)
    print(
        f"\nstatuses {dict(statuses)}; ordinary {len(ordinary)}, slowest "
        f"{max(ordinary)[0] * 1000:.0f} ms; health p99 "
        f"{page * 1000:.1f} ms of {len(health)}, bare server {peer * 1000:.1f} ms; "
        f"workers hold {held >> 20} MiB; the server grew {grown >> 20} MiB"
    )
    assert sum(statuses.values()) == QUERIES
    assert {200, 400, 403, 504} <= set(statuses), statuses
    assert {status for _, status in ordinary} == {200}
    assert page < 0.1 + 4 * peer
    assert held < 2 * LIMITS.recycle_memory
    assert grown < 64 << 20
    assert calls == []


def test_nothing_calls_out_even_without_the_gate(
    big_store: Path, canary: tuple[str, list[str]]
) -> None:
    """The second wall: an engine that does call out finds no network."""
    address, calls = canary
    callers = [text for kind, text in corpus() if "{canary}" in text]
    assert len(callers) >= 15
    with QueryPool(big_store, LIMITS) as pool:
        for number, text in enumerate(callers):
            try:
                pool.query(made(text, number, address)).read()
            except QueryFailure:
                continue
    assert calls == []
