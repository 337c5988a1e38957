"""SPARQL stores that the tests start and end: Oxigraph from PyPI, Virtuoso from Debian."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from kg.remote.settings import StoreSettings

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = "virtuoso-t"
START_SECONDS = 180.0

_INI = """
[Database]
DatabaseFile = {home}/virtuoso.db
ErrorLogFile = {home}/virtuoso.log
LockFile = {home}/virtuoso.lck
TransactionFile = {home}/virtuoso.trx
xa_persistent_file = {home}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {home}/temporary.db
TransactionFile = {home}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {home}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 8
"""


def free_port() -> int:
    """A port that nobody listens on.

    It is none of those that the system gives to connections, so that it stays free until a
    store is started on it.
    """
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(10_000, first)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def _process(command: Sequence[str], url: str, home: Path) -> Iterator[None]:
    with (home / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=home)
        try:
            _wait(process, url, home)
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], url: str, home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            assert process.poll() is None, (home / "output").read_text()
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@contextmanager
def oxigraph(home: Path, *options: str, port: int = 0) -> Iterator[StoreSettings]:
    """``oxigraph serve`` over an empty store."""
    root = f"http://127.0.0.1:{port or free_port()}"
    bind = root.removeprefix("http://")
    named = options or ("--union-default-graph",)
    command = [str(OXIGRAPH), "serve", "--location", str(home / "store"), "--bind", bind, *named]
    with _process(command, root, home):
        yield StoreSettings(
            sparql_url=f"{root}/query",
            sparql_update_url=f"{root}/update",
            sparql_graph_url=f"{root}/store",
        )


@contextmanager
def virtuoso(home: Path) -> Iterator[StoreSettings]:
    """Virtuoso over an empty database, with the password that it comes with."""
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    ini = home / "virtuoso.ini"
    ini.write_text(_INI.format(home=home, port=port, sql=free_port()))
    command = [VIRTUOSO, "+foreground", "+configfile", str(ini)]
    with _process(command, f"{root}/sparql?query=ASK%7B%7D", home):
        yield StoreSettings(
            sparql_url=f"{root}/sparql",
            sparql_update_url=f"{root}/sparql-auth",
            sparql_graph_url=f"{root}/sparql-graph-crud-auth",
            sparql_user="dba",
            sparql_password="dba",  # noqa: S106 - of a database that ends with the test
            sparql_auth="digest",
        )


ENGINES = {"oxigraph": oxigraph, "virtuoso": virtuoso}
REMOTE = [
    "oxigraph",
    pytest.param(
        "virtuoso",
        marks=pytest.mark.skipif(
            shutil.which(VIRTUOSO) is None,
            reason="Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin",
        ),
    ),
]
