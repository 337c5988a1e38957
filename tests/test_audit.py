"""Known vulnerabilities of pinned packages are told; that nothing was compared is told too."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import audit


class Database(BaseHTTPRequestHandler):
    """Stands in for OSV: it knows of one flaw, in whatever version of Flask."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = asked["package"]["name"]
        flaw = {
            "id": "FLAW-1",
            "summary": "A flaw.",
            "affected": [
                {
                    "package": {"name": name, "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "99.1"}]}],
                }
            ],
        }
        body = json.dumps({"vulns": [flaw]} if name == self.server.flawed else {}).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Database)
    server.flawed = request.param  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("database", ["flask"], indirect=True)
def test_a_known_vulnerability_is_named(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main([database]) == 1
    told = capsys.readouterr().out
    assert "FLAW-1; mended in 99.1." in told
    assert "1 vulnerabilities known" in told


@pytest.mark.parametrize("database", ["nothing-we-use"], indirect=True)
def test_all_are_compared(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main([database]) == 0
    assert f"{len(_pinned())} packages compared, 0 " in capsys.readouterr().out


def test_a_database_out_of_reach_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: whoever calls is refused
        address = f"http://127.0.0.1:{held.getsockname()[1]}/"
        assert audit.main([address]) == 0
        assert audit.main([address, "--required"]) == 1
    assert capsys.readouterr().out.count("nothing was compared") == 2


def _pinned() -> list[str]:
    lines = audit.CONSTRAINTS.read_text().splitlines()
    return [line for line in lines if "==" in line and not line.startswith("#")]
