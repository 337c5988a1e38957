"""Rows counted in serialised bytes, and what the process has given up."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

from server.sparql import process, worker
from server.sparql.pool import QueryPool
from server.sparql.worker import Rows

FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
NASTY = st.sampled_from(
    ["", '}},{"x":{"type":"', ',{"', "<result>", "\n", "\r\n", '"', '""', "\t", "},{", 'é\n"', "{}"]
)
TEXT = st.lists(NASTY | st.text(max_size=8), max_size=4).map("".join)


def solutions(values: list[str]) -> QuerySolutions:
    """A result of one row for each value, with an unbound variable beside it."""
    store, rows = Store(), " ".join(f"(?v{place} UNDEF)" for place, _ in enumerate(values))
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {rows} }} }}"
    for place, value in enumerate(values):
        query = query.replace(f"?v{place} ", str(Literal(value)) + " ")
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found


@given(st.lists(TEXT, max_size=12), st.sampled_from(sorted(FORMATS)), st.integers(1, 60))
def test_rows_are_counted_whatever_the_pieces(values: list[str], kind: str, size: int) -> None:
    data = solutions(values).serialize(format=FORMATS[kind])
    assert data is not None
    rows, count = Rows(kind), 0
    for at in range(0, len(data), size):
        count = rows.feed(data[at : at + size])
    assert count == len(values)


def test_a_worker_imports_little(store_path: Path) -> None:
    """Starting it costs the standard library and the engine, not the service."""
    code = (
        "import sys, json; sys.path.append(sys.argv[1]); import server.sparql.worker; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(process.ROOT)]
    run = subprocess.run(command, capture_output=True, check=True, text=True)
    loaded = json.loads(run.stdout)
    ours = {name for name in loaded if name.partition(".")[0] in {"kg", "search", "server"}}
    assert ours == {
        *("kg", "kg.confine", "server", "server.sparql"),
        *(f"server.sparql.{name}" for name in ("answer", "wire", "worker")),
    }
    assert not set(loaded) & {"flask", "torch", "numpy", "pydantic", "site"}


def test_worker_is_confined(pool: QueryPool) -> None:
    for pid in pool.pids():
        process = Path(f"/proc/{pid}")
        limits = (process / "limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
        assert str((1 << 30) + worker.STACK) in limits
        assert (process / "environ").read_bytes().count(b"\0") <= 3
        command = (process / "cmdline").read_bytes().split(b"\0")
        assert command[1:3] == [b"-I", b"-S"]


def test_worker_has_no_way_to_the_network(pool: QueryPool) -> None:
    for lane in (pool.visitors, pool.own):
        for one in lane.workers():
            one.wait_ready()
            assert not (one.confined["network"] and one.confined["files"])


def test_worker_ends_when_its_parent_has_gone() -> None:
    """Started by a process that is gone at once, it has another parent and says nothing."""
    start = [sys.executable, "-I", "-S", "-c", process.START, str(process.ROOT), "/"]
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            number = theirs.fileno()
            run = subprocess.run(
                [*start, process.QUERIES, str(number), json.dumps({"parent": 1})],
                pass_fds=[number],
                timeout=20,
                check=False,
            )
        assert (run.returncode, ours.recv(1)) == (0, b"")
