"""The service under load: many clients, a mix of what people ask, new data in between.

    python -m benchmarks load DATA [--clients 50] [--minutes 10] [--switch 120] [--think 3]

``DATA`` is a built data directory, of which a copy is served. Each client has an address on
loopback in a network of its own, and keeps its connection; between two requests it waits a random
time around ``--think`` seconds. Which requests come is drawn from a seed. Every ``--switch``
seconds a document is taken out or put back, so that another generation is published and taken up.
The generator runs on the same machine as the service and takes its share of it. Times count after
``--warm`` seconds, when the service has seen its pages once; errors count from the start.

Exits with 1 when a request was lost or refused, memory grew by more than a tenth between the
second fifth of the time and the last, or the 99th percentile is beyond five times the median.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.results import Result, at_most, tell
from kg.generations import open_generation
from ontology.examples import examples, prefixed
from ontology.iris import DEFAULT_BASE

SHARES = {"page": 45, "search": 25, "ask": 10, "sparql": 20}
PAGES = (
    "/", "/documents", "/inspections", "/repeated", "/commitments", "/posts", "/organisations",
    "/figures", "/disagreements", "/changes", "/sparql", "/help",
)  # fmt: skip
SEARCHES = (
    "drift and delay in permanence", "high turnover of social workers", "missing from care",
    "quality of supervision", "timeliness of assessments", "health of children in care",
    "agency staff", "pathway plans for care leavers", "corporate parenting", "neglect thresholds",
)  # fmt: skip
LOOKUP = "SELECT ?property ?value WHERE {{ <{}> ?property ?value }}"
PAGE = """PREFIX fg: <https://w3id.org/findings-graph/ontology#>
SELECT ?f ?c WHERE {{ ?f a fg:Finding ; fg:confidence ?c }} ORDER BY ?f LIMIT 500 OFFSET {}"""
SPARQL_SHARES = {"example": 50, "look-up": 40, "page of all findings": 10}
FINDINGS = 1000
"""Findings of which any may be looked up."""

PROGRAM = "from server.cli import main; main()"
GOAL = 5.0
GROWTH = 1.1


@dataclass
class Seen:
    """What the clients saw; each appends to it under the interpreter's lock."""

    taken: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, int]] = field(default_factory=list)
    generations: list[str] = field(default_factory=list)
    warm_at: float = 0.0


def requests(
    seed: int, documents: Sequence[str], findings: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Kind and address of one request after the other, the same for the same seed."""
    chosen = random.Random(seed)  # noqa: S311 - repeatable, not secret
    lines = (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    queries = [prefixed(each.query) for each in examples() if "SERVICE" not in each.query]
    pages = [*PAGES, *(f"/doc/document/{quote(document)}" for document in documents)]
    kinds, weights = list(SHARES), list(SHARES.values())
    while True:
        kind = chosen.choices(kinds, weights)[0]
        if kind == "page":
            yield kind, chosen.choice(pages)
        elif kind == "search":
            path = chosen.choice(("/search", "/api/v1/search"))
            yield kind, f"{path}?{urlencode({'q': chosen.choice(SEARCHES)})}"
        elif kind == "ask":
            yield kind, f"/api/v1/ask?{urlencode({'q': chosen.choice(questions)})}"
        else:
            form = chosen.choices(list(SPARQL_SHARES), list(SPARQL_SHARES.values()))[0]
            query = {
                "example": chosen.choice(queries),
                "look-up": LOOKUP.format(chosen.choice(findings)),
                "page of all findings": PAGE.format(500 * chosen.randrange(50)),
            }[form]
            yield kind, f"/sparql?{urlencode({'query': query})}"


def _findings(address: str) -> list[str]:
    """IRIs of findings that the service holds."""
    with urlopen(f"{address}/api/v1/findings?limit={FINDINGS}", timeout=60) as answer:  # noqa: S310
        rows = json.load(answer)["findings"]
    return [f"{DEFAULT_BASE}id/finding/{row['id']}" for row in rows]


class Client(threading.Thread):
    """One visitor: asks, waits, asks again, until the time is up."""

    def __init__(
        self, number: int, address: str, asked: Iterator[tuple[str, str]], seen: Seen, think: float
    ) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._source = (f"127.{1 + number // 250}.{1 + number % 250}.1", 0)
        self._host = urlsplit(address).netloc
        self._asked, self._seen = asked, seen
        self._pauses, self._think = random.Random(number), think  # noqa: S311
        self.ended = threading.Event()
        self._open()

    def _open(self) -> None:
        self._connection = http.client.HTTPConnection(
            self._host, timeout=60, source_address=self._source
        )

    def run(self) -> None:
        """Ask until told to end."""
        while not self.ended.wait(self._pauses.expovariate(1 / self._think)):
            kind, path = next(self._asked)
            began = time.perf_counter()
            problem = self._get(path)
            if began > self._seen.warm_at:
                self._seen.taken[kind].append(time.perf_counter() - began)
            if problem:
                self._seen.errors[f"{kind}: {problem} {path[:90]}"] += 1

    def _get(self, path: str) -> str:
        """Ask once; what went wrong, if anything did."""
        try:
            self._connection.request("GET", path, headers={"Accept": "*/*"})
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._open()
            return type(error).__name__
        if answer.status >= 400:
            return str(answer.status)
        return "" if body or answer.status in (204, 303, 304) else "empty"


@contextmanager
def serving(home: Path, log: Path) -> Iterator[tuple[str, int]]:
    """The service over a data directory: its address and process id."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--data", str(home), "--port", "0"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stderr=out, stdout=out, env=_environment())
        try:
            yield _address(log, process), process.pid
        finally:
            process.terminate()
            try:
                print(f"exit status of the service after SIGTERM: {process.wait(timeout=60)}")
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                print("the service did not stop within a minute of SIGTERM")


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "FINDINGS_LOG_REQUESTS": "false"}


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"Serving at (http://\S+)/", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise SystemExit(f"the service did not start:\n{log.read_text()}")


def resident(pid: int) -> int:
    """Bytes of memory that a process and its children hold."""
    total, todo = 0, [pid]
    while todo:
        here = Path("/proc") / str(todo.pop())
        try:
            pages = int((here / "statm").read_text().split()[1])
            tasks = list((here / "task").iterdir())
            todo += [int(c) for t in tasks for c in (t / "children").read_text().split()]
        except OSError:
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


class Switcher(threading.Thread):
    """Takes a document out of the collection and puts it back, in turn."""

    def __init__(self, home: Path, seen: Seen, every: float) -> None:
        super().__init__(name="switcher", daemon=True)
        self._home, self._seen, self._every = home, seen, every
        self.ended = threading.Event()

    def run(self) -> None:
        """Publish another generation every so often."""
        source = min(open_generation(self._home).manifest.sources, key=lambda each: each.document)
        for step in itertools.cycle((("remove", source.document), ("add", source.path))):
            if self.ended.wait(self._every):
                return
            command = [sys.executable, "-c", PROGRAM, *step, "--data", str(self._home)]
            with (
                tempfile.TemporaryFile() as out,
                subprocess.Popen(command, env=_environment(), stdout=out, stderr=out) as build,
            ):
                while build.poll() is None:
                    if self.ended.wait(1):
                        build.kill()
                        return
                out.seek(0)
                said = out.read().decode()
            if build.returncode:
                self._seen.errors[f"build: {said[-200:]}"] += 1
            self._seen.generations.append(open_generation(self._home).path.name)


def measure(home: Path, options: argparse.Namespace) -> Seen:
    """Serve a copy of the data to all clients for as long as asked."""
    seen = Seen()
    documents = [each.document for each in open_generation(home).manifest.sources]
    lasting = sorted(documents)[1:]  # the first comes and goes
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        copy = Path(shutil.copytree(home, Path(scratch) / "data", symlinks=True))
        with serving(copy, Path(scratch) / "log") as (address, pid):
            findings = _findings(address)
            clients = [
                Client(
                    n, address, requests(options.seed + n, lasting, findings), seen, options.think
                )
                for n in range(options.clients)
            ]
            switcher = Switcher(copy, seen, options.switch)
            seen.warm_at = time.perf_counter() + options.warm
            for thread in (*clients, switcher):
                thread.start()
            until, began = time.monotonic() + 60 * options.minutes + options.warm, time.monotonic()
            while time.monotonic() < until:
                seen.memory.append((time.monotonic() - began, resident(pid)))
                time.sleep(2)
            for thread in (*clients, switcher):
                thread.ended.set()
            for thread in (*clients, switcher):
                thread.join(timeout=180)
        shutil.copy(Path(scratch) / "log", options.log)
    return seen


def show(seen: Seen, options: argparse.Namespace) -> None:
    """Print the figures."""
    table = Table("requests", "number", "per second", "p50 ms", "p99 ms", "p99/p50")
    rows = {**seen.taken, "all": [t for taken in seen.taken.values() for t in taken]}
    for kind, taken in rows.items():
        p50, p99 = (1000 * statistics.quantiles(taken, n=100)[at] for at in (49, 98))
        rate, ratio = len(taken) / 60 / options.minutes, p99 / p50
        table.add_row(
            kind, f"{len(taken):,}", f"{rate:.1f}", f"{p50:.1f}", f"{p99:.1f}", f"{ratio:.1f}"
        )
    console = Console(width=100)
    console.print(table)
    growth = _growth(seen.memory)
    most = max(size for _, size in seen.memory)
    console.print(
        f"errors: {sum(seen.errors.values())}; generations published: "
        f"{', '.join(seen.generations) or 'none'}; memory at most {most / 2**20:,.0f} MB, "
        f"last fifth against second fifth {growth:.2f}"
    )
    for problem, count in seen.errors.most_common(20):
        console.print(f"{count} × {problem}", markup=False)


def _growth(memory: list[tuple[float, int]]) -> float:
    fifth = max(1, len(memory) // 5)
    first, last = memory[fifth : 2 * fifth] or memory, memory[-fifth:]
    middle = [statistics.median(size for _, size in part) for part in (first, last)]
    return middle[1] / middle[0]


def results(seen: Seen, options: argparse.Namespace) -> list[Result]:
    """What counts of it."""
    times = [each for taken in seen.taken.values() for each in taken]
    p50, p99 = (1000 * statistics.quantiles(times, n=100)[at] for at in (49, 98))
    of = f"{options.clients} clients, {options.minutes:g} minutes, {len(times):,} requests"
    most = max(size for _, size in seen.memory) / 2**20
    none, growth = at_most(0, "ours"), at_most(GROWTH, "ours")
    return [
        Result(what="requests lost or refused", ours=sum(seen.errors.values()), unit="", of=of,
               goal=none),
        Result(what="99 of 100 answered within", ours=p99, unit="ms", of=of, against="median",
               peer=p50, goal=at_most(GOAL)),
        Result(what="memory of the last fifth to the second", ours=_growth(seen.memory), unit="",
               of=of, goal=growth),
        Result(what="most memory", ours=most, unit="MB", of=of),
        Result(what="generations taken up", ours=len(seen.generations), unit="", of=of),
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    parser = argparse.ArgumentParser(prog="benchmarks load")
    parser.add_argument("data", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--switch", type=float, default=120, help="seconds between generations")
    parser.add_argument("--think", type=float, default=3.0, help="seconds between requests")
    parser.add_argument("--warm", type=float, default=30, help="seconds before times count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="keep the service's log")
    options = parser.parse_args(arguments)
    seen = measure(options.data, options)
    show(seen, options)
    tell(results(seen, options))


if __name__ == "__main__":
    main(sys.argv[1:])
