"""The whole service in a process of its own: it starts, answers, changes data, and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ontology.examples import examples
from server.serve import limits
from server.settings import Settings
from tests.server.sample import publish, records

PROGRAM = """
from pathlib import Path
from urllib.parse import urlencode
from server.serve import serve
from server.settings import Settings
serve(Settings(data=Path({home!r}), port=0, model="hashing", sparql_workers=1))
"""


PREFIX = "PREFIX fg: <https://w3id.org/findings-graph/ontology#> "


def sparql(query: str) -> str:
    """The address that asks a query."""
    return f"/sparql?{urlencode({'query': PREFIX + query})}"


class Running:
    """A service in another process."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(home=str(home))],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "FINDINGS_LOG_REQUESTS": "false"}
            | environment,
        )
        self.address = self._address()

    def _address(self) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if found := re.search(r"Serving at (http://\S+)/", line):
                return found[1]
        raise AssertionError("the service did not start")

    def get(self, path: str, accept: str = "*/*") -> str:
        """The body of an answer."""
        request = urllib.request.Request(self.address + path, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("served")
    publish(home, records()[:1])
    service = Running(home)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
        assert service.process.stderr is not None
        service.process.stderr.close()


def test_it_answers_pages_and_queries(running: Running) -> None:
    assert "What is loaded" in running.get("/")
    asked = sparql("ASK { ?finding a fg:Finding }")
    assert json.loads(running.get(asked, "application/json"))["boolean"] is True


def test_the_query_page_shows_results_and_mistakes(running: Running) -> None:
    page = running.get("/sparql", "text/html")
    assert "<textarea" in page
    query = sparql("SELECT (COUNT(*) AS ?n) WHERE { ?finding a fg:Finding }")
    assert re.search(r"<td[^>]*>3</td>", running.get(query, "text/html"))
    with pytest.raises(urllib.error.HTTPError) as wrong:
        running.get("/sparql?query=SELECT%20nothing", "text/html")
    assert wrong.value.code == 400
    assert "There is a problem" in wrong.value.read().decode()


def test_every_example_query_runs(running: Running) -> None:
    page = running.get("/sparql", "text/html")
    links = re.findall(r'href="(/sparql\?query=[^"]+)"', page)
    assert len(links) == len(examples())
    for link in links:
        answer = json.loads(running.get(link.replace("&amp;", "&"), "application/json"))
        assert isinstance(answer, list) or {"results", "boolean"} & set(answer)


def test_new_data_is_taken_up_without_a_restart(running: Running) -> None:
    publish(running.home, records())
    count = sparql("SELECT ?document WHERE { ?document a fg:Document }")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        rows = json.loads(running.get(count, "application/json"))["results"]["bindings"]
        if len(rows) == 2:
            break
        time.sleep(0.2)
    assert len(rows) == 2
    assert json.loads(running.get("/api/v1/status"))["documents"] == 2


@pytest.mark.parametrize(
    ("request_line", "statuses"),
    [
        (b"GET /search?q=" + b"a" * 300_000, {400, 414, 431}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 300_000, {400, 431}),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nquery=", {413}),
        (b"GET /\0 HTTP/1.1\r\n\r\n", {400, 404}),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", {400}),
    ],
)
def test_what_is_too_large_or_no_request_is_refused_unread(
    running: Running, request_line: bytes, statuses: set[int]
) -> None:
    host, _, port = running.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as talk:
        with suppress(ConnectionError):  # it hangs up without having read all of it
            talk.sendall(request_line)
        answer = talk.recv(64)
    assert int(answer.split()[1]) in statuses
    assert "ok" in running.get("/healthz")


def test_it_stops_when_told_to(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=60) == 0


@pytest.mark.parametrize(("threads", "workers"), [(8, 1), (16, 2), (64, 8)])
def test_queries_never_take_every_thread(threads: int, workers: int) -> None:
    sizes = limits(Settings(threads=threads, sparql_workers=workers))
    assert sizes.workers + sizes.waiting < threads
