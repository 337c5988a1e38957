"""Faults on the way to a store: each ends in a clear message, none in a wrong answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.errors import FindingsError, QueryError, StoreUnavailable
from kg.remote.graph import RemoteGraph, form_of
from kg.remote.settings import StoreSettings, from_env

ROWS = (
    b'{"head": {"vars": ["n"]}, '
    b'"results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]}}'
)
SELECT = "SELECT ?n { ?s ?p ?n }"


@dataclass
class Script:
    """What the false store answers, one after the other; the last again and again."""

    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def next(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Handler(BaseHTTPRequestHandler):
    """Answers by script."""

    script: Script

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.script.asked.append(self.rfile.read(size).decode())
        self.script.headers.append({name.lower(): v for name, v in self.headers.items()})
        status, headers, body = self.script.next()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def script() -> Iterator[tuple[Script, str]]:
    """A false store and its address."""
    made = Script([(200, {}, ROWS)])
    handler = type("Scripted", (Handler,), {"script": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}/query"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def graph(script: tuple[Script, str]) -> Iterator[RemoteGraph]:
    """The graph behind the false store."""
    opened = RemoteGraph(StoreSettings(sparql_url=script[1], sparql_store_seconds=60), "https://e/")
    yield opened
    opened.close()


def _rows(graph: RemoteGraph) -> list[str]:
    return [row["n"].value for row in graph.select(SELECT)]


def test_a_read_is_tried_again_while_the_store_is_busy(
    graph: RemoteGraph, script: tuple[Script, str]
) -> None:
    script[0].answers = [(503, {}, b""), (502, {}, b""), (200, {}, ROWS)]
    assert _rows(graph) == ["1"]
    assert len(script[0].asked) == 3


def test_a_store_that_stays_busy_is_named(graph: RemoteGraph, script: tuple[Script, str]) -> None:
    script[0].answers = [(503, {}, b"")]
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        _rows(graph)
    assert len(script[0].asked) == 3


def test_a_change_is_sent_once(script: tuple[Script, str]) -> None:
    script[0].answers = [(503, {}, b""), (200, {}, b"")]
    settings = StoreSettings(sparql_url=script[1], sparql_update_url=script[1])
    graph = RemoteGraph(settings, "https://e/")
    with pytest.raises(StoreUnavailable):
        graph.update("INSERT DATA { <a:b> <a:c> 1 }")
    graph.close()
    assert len(script[0].asked) == 1


@pytest.mark.parametrize("cut", [10, 60, len(ROWS) - 1])
def test_an_answer_cut_off_inside_is_no_answer(
    graph: RemoteGraph, script: tuple[Script, str], cut: int
) -> None:
    """As a store with a time limit of its own ends it, with status 200."""
    script[0].answers = [(200, {}, ROWS[:cut])]
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        _rows(graph)


def test_a_connection_cut_off_is_no_answer(graph: RemoteGraph, script: tuple[Script, str]) -> None:
    script[0].answers = [(200, {"Content-Length": "5000", "Connection": "close"}, ROWS)]
    with pytest.raises(StoreUnavailable):
        _rows(graph)


@pytest.mark.parametrize("header", ["X-SPARQL-MaxRows", "X-SQL-State"])
def test_an_answer_that_says_it_is_a_part_is_no_answer(
    graph: RemoteGraph, script: tuple[Script, str], header: str
) -> None:
    script[0].answers = [(200, {header: "1"}, ROWS)]
    with pytest.raises(StoreUnavailable, match="too large"):
        _rows(graph)


def test_wrong_credentials_are_named(graph: RemoteGraph, script: tuple[Script, str]) -> None:
    script[0].answers = [(401, {}, b"who?")]
    with pytest.raises(StoreUnavailable, match="FINDINGS_SPARQL_USER"):
        _rows(graph)


def test_a_redirect_is_not_followed(graph: RemoteGraph, script: tuple[Script, str]) -> None:
    script[0].answers = [(302, {"Location": "http://elsewhere.example/"}, b"")]
    with pytest.raises(FindingsError):
        _rows(graph)
    assert len(script[0].asked) == 1


def test_what_the_store_refuses_is_a_query_error(
    graph: RemoteGraph, script: tuple[Script, str]
) -> None:
    script[0].answers = [(400, {}, b"line 1: no")]
    with pytest.raises(QueryError, match="line 1: no"):
        _rows(graph)


def test_one_question_can_be_given_less_time(script: tuple[Script, str]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        graph = RemoteGraph(StoreSettings(sparql_url=url), "https://e/")
        with pytest.raises(StoreUnavailable, match="in time"):
            graph.select(SELECT, seconds=0.2)
        graph.close()


def test_credentials_are_sent_and_never_shown(script: tuple[Script, str]) -> None:
    settings = StoreSettings(
        sparql_url=script[1],
        sparql_user="reader",
        sparql_password="s3cret-word",  # type: ignore[arg-type]  # noqa: S106
    )
    graph = RemoteGraph(settings, "https://e/")
    _rows(graph)
    graph.close()
    assert script[0].headers[0]["authorization"].startswith("Basic ")
    assert "s3cret-word" not in repr(settings) + str(settings.model_dump())


def test_typed_literals_and_truth_values_of_virtuoso(
    graph: RemoteGraph, script: tuple[Script, str]
) -> None:
    boolean = "http://www.w3.org/2001/XMLSchema#boolean"
    value = f'{{"type": "typed-literal", "datatype": "{boolean}", "value": "1"}}'
    body = f'{{"head": {{"vars": ["n"]}}, "results": {{"bindings": [{{"n": {value}}}]}}}}'
    script[0].answers = [(200, {}, body.encode())]
    row = next(iter(graph.select(SELECT)))
    assert str(row["n"]) == f'"true"^^<{boolean}>'


@pytest.mark.parametrize(("rows", "true"), [('{"__ASK_RETVAL": {}}', True), ("", False)])
def test_ask_of_virtuoso(
    graph: RemoteGraph, script: tuple[Script, str], rows: str, true: bool
) -> None:
    head = '{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": ['
    script[0].answers = [(200, {}, f"{head}{rows}]}}}}".encode())]
    assert bool(graph.query("ASK { ?s ?p ?o }")) is true


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("FINDINGS_SPARQL_URL", "http://store.example/query", "must be https"),
        ("FINDINGS_SPARQL_URL", "https://me:word@store.example/query", "must not hold a password"),
        ("FINDINGS_SPARQL_URL", "file:///etc/passwd", "http or https"),
        ("FINDINGS_SPARQL_UPDATE_URL", "https://store.example/update", "is missing"),
        ("FINDINGS_MILVUS_URI", "http://store.example:19530", "must be https"),
        ("FINDINGS_MILVUS_COLLECTION", "x; drop", "match pattern"),
    ],
)
def test_settings_that_are_not_safe_are_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(FindingsError, match=message) as refused:
        from_env()
    assert "word@" not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_this_machine_needs_no_https(host: str) -> None:
    assert StoreSettings(sparql_url=f"http://{host}:7878/query").remote_graph


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * { ?s ?p ?o }", "SELECT"),
        (
            "# ASK\nPREFIX ask: <http://select/> CONSTRUCT { ?ask ask:a ?o } {}",
            "CONSTRUCT",
        ),
        ("BASE <http://ask/> DESCRIBE <select>", "DESCRIBE"),
        ("ASK { ?s ?p 'select' }", "ASK"),
    ],
)
def test_the_form_of_a_query(query: str, form: str) -> None:
    assert form_of(query) == form


def test_an_update_is_no_query() -> None:
    with pytest.raises(QueryError):
        form_of("INSERT DATA { <a:b> <a:c> 'SELECT' }")
