"""An application behind the event loop: what it is given, and what becomes of its answers."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request
from werkzeug.wsgi import wrap_file

from server.bridge import GONE, HELD, LARGEST_BODY
from tests.server.loopback import served

SECONDS = 60
PIECE = b"x" * 50_000
PIECES = 1_000
"""Fifty megabytes: more than the buffers of any connection hold."""


class Kept:
    """What the application saw."""

    def __init__(self) -> None:
        self.closed, self.gone = threading.Event(), threading.Event()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def address(kept: Kept) -> Iterator[str]:
    """An application on one thread."""
    app = Flask("bridged")

    @app.post("/length")
    def length() -> str:
        return str(len(request.get_data()))

    @app.get("/dated")
    def dated() -> Response:
        answer = Response("x")
        answer.set_etag("x")
        return answer.make_conditional(request)

    @app.get("/asked/<path:name>")
    def asked(name: str) -> dict[str, Any]:
        return {"name": name, "headers": dict(request.headers), "cookies": request.cookies}

    @app.get("/long")
    def long() -> Response:
        answer = Response(PIECE for _ in range(PIECES))
        answer.call_on_close(kept.closed.set)
        return answer

    @app.get("/file")
    def file() -> Response:
        spooled = BytesIO(PIECE)
        wrapped = wrap_file(request.environ, spooled)
        body = b"".join(wrapped)
        return Response(f"{body == PIECE} {spooled.closed}")

    @app.get("/waits")
    def waits() -> str:
        until = threading.Event()
        while not request.environ[GONE]():
            until.wait(0.01)
        kept.gone.set()
        return ""

    @app.get("/breaks")
    def breaks() -> Response:
        return Response(1 // 0 for _ in range(2))

    with served(app, threads=1) as found:
        yield found


def connected(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    assert parts.hostname
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)


def test_a_long_answer_comes_whole_and_is_let_go(address: str, kept: Kept) -> None:
    assert len(PIECE) * PIECES > HELD
    with closing(connected(address)) as talk:
        talk.request("GET", "/long")
        assert talk.getresponse().read() == PIECE * PIECES
    assert kept.closed.wait(SECONDS)


def test_a_file_that_is_read_through_is_closed(address: str) -> None:
    with closing(connected(address)) as talk:
        talk.request("GET", "/file")
        assert talk.getresponse().read() == b"True True"


def test_who_does_not_read_holds_no_thread(address: str, kept: Kept) -> None:
    with closing(connected(address)) as slow, closing(connected(address)) as other:
        slow.request("GET", "/long")
        for _ in range(3):
            other.request("POST", "/length", body=b"abc")
            assert other.getresponse().read() == b"3"
        assert not kept.closed.is_set()
    assert kept.closed.wait(SECONDS)


def test_the_application_can_tell_that_nobody_waits(address: str, kept: Kept) -> None:
    with closing(connected(address)) as talk:
        talk.request("GET", "/waits")
    assert kept.gone.wait(SECONDS)


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)])
def test_a_body_without_a_length_is_bounded_too(address: str, size: int, status: int) -> None:
    def parts() -> Iterator[bytes]:
        yield b"x" * (size - 1)
        yield b"x"

    with closing(connected(address)) as talk:
        talk.request("POST", "/length", body=parts(), encode_chunked=True)
        answer = talk.getresponse()
        assert answer.status == status
        assert status != 200 or answer.read() == str(size).encode()


def test_the_request_is_given_as_it_came(address: str) -> None:
    with closing(connected(address)) as talk:
        talk.putrequest("GET", "/asked/caf%C3%A9%2Fa%20b")
        for name, value in (("X-A", "1"), ("X-A", "2"), ("X_A", "3"), ("Cookie", "a=1")):
            talk.putheader(name, value)
        talk.putheader("Cookie", "b=2")
        talk.endheaders()
        body = talk.getresponse().read().decode()
    assert '"name":"caf\\u00e9/a b"' in body
    assert '"X-A":"1,2"' in body
    assert '"cookies":{"a":"1","b":"2"}' in body


def test_the_date_is_told_once(address: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)) as line:
        line.request("GET", "/dated")
        names = [name.lower() for name, _ in line.getresponse().getheaders()]
    assert names.count("date") == 1


def test_an_answer_that_breaks_is_told_and_the_thread_lives(address: str) -> None:
    with closing(connected(address)) as talk:
        talk.request("GET", "/breaks")
        answer = talk.getresponse()
        assert answer.status == 500
        answer.read()
    with closing(connected(address)) as talk:
        talk.request("POST", "/length", body=b"abcd")
        assert talk.getresponse().read() == b"4"
