"""Figures for Prometheus, request ids and logs: true, bounded, and silent on what users typed."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from kg.generations import open_generation
from server import logs
from server.app import create_app
from server.settings import Settings
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from tests.server.sample import publish, records

TYPED = "a very private question"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("metrics")
    publish(home, records())
    return home


@pytest.fixture
def app(data: Path) -> Iterator[Flask]:
    """The application with its endpoint."""
    store = open_generation(data).store
    with QueryPool(store, QueryLimits(seconds=5, workers=1, per_client=1)) as pool:
        settings = Settings(
            data=data, model="hashing", operator_token=SecretStr("a token of the operator")
        )
        yield create_app(settings, endpoint=Endpoint(pool))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _values(client: FlaskClient) -> dict[tuple[str, tuple[str, ...]], float]:
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(client: FlaskClient) -> None:
    for path in ("/", "/", "/id/issue/none", "/no/such/page", "/no/such/other"):
        client.get(path).close()
    values = _values(client)
    assert values["findings_requests_total", ("GET", "/", "200")] == 2
    assert values["findings_request_seconds_count", ("GET", "/")] == 2
    assert values["findings_requests_total", ("GET", "unmatched", "404")] == 2


def test_addresses_are_no_labels(client: FlaskClient) -> None:
    """Or a stranger could make the figures grow without end."""
    for number in range(5):
        client.get(f"/doc/issue/{number}?q=x{number}").close()
        client.get(f"/none/{number}").close()
    before = len(_values(client))
    for number in range(5, 60):
        client.get(f"/doc/issue/{number}?q=x{number}").close()
        client.get(f"/none/{number}").close()
    assert len(_values(client)) == before


def test_sparql_is_told(client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get("/sparql?query=ASK%20%7B%7D").status_code == 200
    assert client.get("/sparql?query=nonsense").status_code == 400
    assert client.get("/sparql?query=INSERT%20DATA%20%7B%7D").status_code == 403
    values = _values(client)
    assert values["findings_requests_total", ("GET", "/sparql", "200")] == 2
    assert values["findings_request_seconds_count", ("GET", "/sparql")] == 4
    assert values["findings_sparql_started_total", ()] == 2
    assert values["findings_sparql_cache_total", ("hit",)] == 1
    assert values["findings_sparql_failures_total", ("update-forbidden",)] == 1
    assert values["findings_sparql_workers_idle", ()] == 1


def test_what_is_served_is_told(client: FlaskClient) -> None:
    values = _values(client)
    assert values["findings_generation", ("000001",)] == 1
    assert values["findings_generation_open_seconds", ()] > 0
    assert values["findings_generation_build_seconds", ()] == 1.5
    assert values["findings_generation_built_timestamp_seconds", ()] > 1.6e9
    assert values["process_resident_memory_bytes", ()] > 1e6


def test_metrics_are_for_this_machine_and_the_operator(client: FlaskClient) -> None:
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    token = {"Authorization": "Bearer a token of the operator"}
    assert client.get("/metrics", **elsewhere).status_code == 401  # type: ignore[arg-type]
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    assert client.get("/metrics", headers=token, **elsewhere).status_code == 200  # type: ignore[arg-type]


def test_without_a_token_metrics_stay_on_this_machine(data: Path) -> None:
    client = create_app(Settings(data=data, model="hashing")).test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"Forwarded": "for=127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("given", ["abcd1234", "trace-0af7.651_916cd43dd8448eb211c80319c"])
def test_a_request_keeps_the_id_that_it_brings(client: FlaskClient, given: str) -> None:
    assert client.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


def test_answers_to_programs_are_numbered_too(client: FlaskClient) -> None:
    asked = "/sparql?query=ASK%20%7B%7D"
    given = {"X-Request-ID": "abcd1234"}
    assert client.get(asked, headers=given).headers["X-Request-ID"] == "abcd1234"
    assert re.fullmatch("[0-9a-f]{32}", client.get(asked).headers["X-Request-ID"])


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "id with spaces", 'quote"quote', "é" * 9])
def test_what_is_no_id_is_replaced(client: FlaskClient, given: str) -> None:
    sent = client.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", sent)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The log of a service, as lines of JSON; logging is then as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.configure(Settings(log_format="json"), stream)
    yield stream
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _asked(data: Path, stream: io.StringIO, *, open_: bool) -> str:
    settings = Settings(data=data, model="hashing", log_queries=open_)
    client = create_app(settings).test_client()
    client.get(
        "/api/v1/search",
        query_string={"q": TYPED},
        headers={"X-Request-ID": "request-1"},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )
    return stream.getvalue()


def test_a_request_is_a_line_without_what_was_typed(data: Path, logged: io.StringIO) -> None:
    text = _asked(data, logged, open_=False)
    assert "private" not in text
    assert "203.0.113.77" not in text
    line = next(line for line in _lines(logged) if line["event"] == "request")
    assert (line["route"], line["status"]) == ("/api/v1/search", 200)
    assert (line["request"], line["client"]) == ("request-1", "203.0.113.0")
    assert re.fullmatch("[0-9a-f]{12}", str(line["q"]))


def test_what_was_typed_is_told_when_asked_for(data: Path, logged: io.StringIO) -> None:
    assert TYPED in _asked(data, logged, open_=True)


def test_lines_of_libraries_have_the_request_too(data: Path, logged: io.StringIO) -> None:
    app = create_app(Settings(data=data, model="hashing"))
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    app.test_client().get("/fails", headers={"X-Request-ID": "request-2"})
    line = next(line for line in _lines(logged) if line["level"] == "error")
    assert line["request"] == "request-2"
    assert "ZeroDivisionError" in str(line)


def test_a_line_cannot_be_forged(data: Path, logged: io.StringIO) -> None:
    client = create_app(Settings(data=data, model="hashing")).test_client()
    client.get("/x%0A%7B%22event%22%3A%20%22forged%22%7D")
    assert [line["event"] for line in _lines(logged) if line["event"] == "forged"] == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2::3", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("unix", ""),
    ],
)
def test_addresses_are_cut(address: str, told: str) -> None:
    assert logs.network(address) == told
