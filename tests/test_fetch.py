"""Documents by address: public addresses only, however another is spelt, and within limits."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kg.errors import FetchRefused
from kg.fetch import FetchLimits, fetch, is_address, place, tidy

NEAR = FetchLimits(loopback=True, bytes=1000, seconds=60, silence_seconds=60)
IMPATIENT = replace(NEAR, silence_seconds=0.3)
LETTER = b"<html><body><p>A letter about a visit.</p></body></html>"


class Canary(ThreadingHTTPServer):
    """A server on loopback that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.silent = threading.Event()

    @property
    def at(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: Canary

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """What each path of the canary answers."""
        self.server.asked.append(self.path)
        name = self.path.strip("/").partition("?")[0]
        port = self.server.server_port
        goal = {
            "moved": "/letter.html",
            "elsewhere": f"http://localhost:{port}/letter.html",
            "file": "file:///etc/hostname",
            "round": "/round",
        }.get(name)
        if goal:
            self.send_response(302)
            self.send_header("Location", goal)
            self.end_headers()
            return
        if name == "silence":
            self.server.silent.wait()
        self.send_response(404 if name == "gone" else 200)
        self.send_header("Content-Type", "image/png" if name == "picture" else "text/html")
        self.end_headers()
        self.wfile.write(LETTER * (1000 if name == "large" else 1))


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A server that must not be reached unless loopback is allowed."""
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.silent.set()
        server.shutdown()
        thread.join()
        server.shutdown()


def test_a_document_is_kept_below_the_data(canary: Canary, tmp_path: Path) -> None:
    path = fetch(f"{canary.at}/moved", tmp_path, NEAR)
    assert canary.asked == ["/moved", "/letter.html"]
    assert path.read_bytes() == LETTER
    assert path.parent == tmp_path / "fetched" / "127.0.0.1"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "127.0.0.1.",
    ],
)
def test_this_machine_is_refused_in_any_spelling(canary: Canary, tmp_path: Path, host: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"http://{host}:{canary.server_port}/letter.html", tmp_path)
    assert canary.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.8/a",
        "http://172.16.3.4/a",
        "http://192.168.1.1/a",
        "http://100.64.0.1/a",
        "http://[fd00::1]/a",
        "http://[fe80::1]/a",
        "http://[64:ff9b::7f00:1]/a",
        "http://224.0.0.1/a",
    ],
)
def test_private_addresses_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchRefused, match="no public address"):
        fetch(address, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://192.0.2.1/a",
        "gopher://192.0.2.1/",
        "http://",
        "http:///a",
        "http://user:secret@192.0.2.1/a",
        "javascript://x/%0aalert(1)",
    ],
)
def test_only_plain_web_addresses_are_fetched(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchRefused, match="Only http and https"):
        fetch(address, tmp_path)


def test_a_name_that_changes_its_answer_gains_nothing(
    canary: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name gives a public address when it is asked first and this machine's after."""
    answers = iter(["192.0.2.1", *["127.0.0.1"] * 20])
    monkeypatch.setattr("requests_hardened.ip_filter.socket.getaddrinfo", _resolver(answers))
    limits = FetchLimits(silence_seconds=0.2)
    for _ in range(2):
        with pytest.raises(FetchRefused):
            fetch(f"http://rebound.example:{canary.server_port}/letter.html", tmp_path, limits)
    assert canary.asked == []


def _resolver(answers: Iterator[str]) -> Any:
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host != "rebound.example":
            return real(host, port, *rest, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    return resolve


@pytest.mark.parametrize("path", ["elsewhere", "file", "round"])
def test_redirects_stay_on_their_host_and_end(canary: Canary, tmp_path: Path, path: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"{canary.at}/{path}", tmp_path, NEAR)
    assert "/letter.html" not in canary.asked


@pytest.mark.parametrize("path", ["large", "picture", "gone", "silence"])
def test_what_comes_back_is_limited(canary: Canary, tmp_path: Path, path: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"{canary.at}/{path}", tmp_path, IMPATIENT if path == "silence" else NEAR)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_proxy_of_the_environment_is_not_used(
    canary: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", canary.at)
    with pytest.raises(FetchRefused):
        fetch("http://10.0.0.8/letter.html", tmp_path)
    assert canary.asked == []


def test_what_is_no_longer_served_is_deleted(canary: Canary, tmp_path: Path) -> None:
    one = fetch(f"{canary.at}/letter.html?1", tmp_path, NEAR)
    two = fetch(f"{canary.at}/letter.html?2", tmp_path, NEAR)
    assert one != two
    tidy(tmp_path, [two])
    assert not one.exists()
    assert two.exists()


@given(st.text(alphabet=st.sampled_from("ab/.%2e\\\0 ~ü"), max_size=30))
def test_no_address_leads_out_of_the_folder(tail: str) -> None:
    home = Path("/nowhere")
    found = place(home, f"http://a.example/{tail}")
    assert found.parent == home / "fetched" / "a.example"
    assert not found.name.startswith(".")


def test_paths_are_not_addresses() -> None:
    assert is_address("https://www.example.org/a.pdf")
    assert not is_address("reports/a.pdf")
