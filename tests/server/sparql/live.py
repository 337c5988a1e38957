"""The endpoint on a real socket, as it is served: in this process, or in one of its own.

python -m tests.server.sparql.live STORE LIMITS_AS_JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from flask import Flask

from server.sparql.blueprint import install
from server.sparql.gate import GateLimits
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.process_tuning import tune
from server.sparql.protocol import Endpoint
from tests.server import loopback

ROOT = Path(__file__).resolve().parents[3]


def _client(environ: dict[str, Any]) -> str:
    """Tests play several clients from one address."""
    return environ.get("HTTP_X_TEST_CLIENT") or str(environ["REMOTE_ADDR"])


@contextmanager
def served(pool: QueryPool, threads: int = 24) -> Iterator[str]:
    """The address of a server with the endpoint, a health page and the pool's state."""
    app, endpoint = Flask("live"), Endpoint(pool)
    install(app, endpoint, client=_client)
    app.add_url_rule("/healthz", "health", lambda: "ok")
    app.add_url_rule("/pool", "pool", lambda: {"pids": pool.pids(), **pool.status()})
    with loopback.served(app, threads) as address:
        yield address


@dataclass(frozen=True)
class Served:
    """A server in a process of its own."""

    address: str
    pid: int

    def pool(self) -> dict[str, Any]:
        """Its pool's state."""
        with urlopen(self.address + "/pool", timeout=60) as page:
            state: dict[str, Any] = json.load(page)
            return state


@contextmanager
def serving(store: Path, limits: QueryLimits) -> Iterator[Served]:
    """Run this module as a process, until the end of the block."""
    command = [sys.executable, "-m", __name__, str(store), json.dumps(asdict(limits))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        yield Served(process.stdout.readline().strip(), process.pid)
        assert process.poll() is None, "the server has died"
        process.communicate(timeout=60)


def main(store: str, limits: str) -> None:
    """Serve until standard input ends."""
    tune()
    values = json.loads(limits)
    chosen = QueryLimits(**{**values, "gate": GateLimits(**values["gate"])})
    with QueryPool(store, chosen) as pool, served(pool) as address:
        print(address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
