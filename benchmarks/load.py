"""The service under load: many clients, a mix of what people ask, new data in between.

    python -m benchmarks load DATA [--clients 50] [--minutes 10] [--anew 4] [--switch 120]

``DATA`` is a built data directory, of which a copy is served. Each client has an address on
loopback in a network of its own, and keeps its connection; between two requests it waits a random
time around ``--think`` seconds. Which requests come is drawn from a seed. Every ``--switch``
seconds a document is taken out or put back, so that another generation is published and taken up.
The generator and the builds run on the same machine as the service and take their share of it.
Times count after ``--warm`` seconds, when the service has seen its pages once; errors count from
the start.

It is measured twice:

``as it is``
    for ``--minutes``, with answers kept as the service keeps them;
``each answered anew``
    for ``--anew`` minutes with ``FINDINGS_KEPT_MB=0``: no rendered page, no answer of the API and
    no result of a query is kept or shared, so each request takes what it takes. Lists that a
    generation has worked out for all its pages stay.

How to read it: with answers kept, half of all requests are looked up in memory within a
millisecond, and the ratio of the 99th percentile to that median would reward a slow median. So the
ratio is judged where each request is answered anew, over all kinds together, and the service as it
is is judged against the same median: 99 of 100 within five times what half take when each is
answered anew. The ratio to its own median is shown, and not judged.

Goals: no request is lost or refused in either run; the memory of all processes of the service,
shared pages counted once, grows by no more than a tenth between the second fifth of the time as it
is and the last (with five switches, each fifth has one); each answered anew, the 99th percentile
is within five times the median; and, as it is, within five times that same median. As with all
benchmarks, the exit status is 0 at the end, and whether goals are met is in the results.
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

from benchmarks.memory import together
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
def serving(home: Path, log: Path, *, keep: bool = True) -> Iterator[tuple[str, int]]:
    """The service over a data directory, with or without kept answers: address, process id."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--data", str(home), "--port", "0"]
    settings = {} if keep else {"FINDINGS_KEPT_MB": "0"}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stderr=out, stdout=out, env={**_environment(), **settings}
        )
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


def measure(home: Path, options: argparse.Namespace, minutes: float, *, keep: bool) -> Seen:
    """Serve a copy of the data to all clients for so long."""
    seen = Seen()
    documents = [each.document for each in open_generation(home).manifest.sources]
    lasting = sorted(documents)[1:]  # the first comes and goes
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        copy = Path(shutil.copytree(home, Path(scratch) / "data", symlinks=True))
        log = Path(scratch) / "log"
        with serving(copy, log, keep=keep) as (address, pid):
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
            until, began = time.monotonic() + 60 * minutes + options.warm, time.monotonic()
            while time.monotonic() < until:
                seen.memory.append((time.monotonic() - began, together(pid)))
                time.sleep(3)
            for thread in (*clients, switcher):
                thread.ended.set()
            for thread in (*clients, switcher):
                thread.join(timeout=180)
        with options.log.open("a") as kept:
            kept.write(log.read_text())
    return seen


def show(seen: Seen, minutes: float, title: str) -> None:
    """Print the figures of one run."""
    table = Table("requests", "number", "per second", "p50 ms", "p99 ms", "p99/p50", title=title)
    for kind in (*seen.taken, "all"):
        taken = _taken(seen, kind)
        p50, p99 = _percentiles(taken)
        rate, ratio = len(taken) / 60 / minutes, p99 / p50
        table.add_row(
            kind, f"{len(taken):,}", f"{rate:.1f}", f"{p50:.1f}", f"{p99:.1f}", f"{ratio:.1f}"
        )
    console = Console(width=100)
    console.print(table)
    most = max(size for _, size in seen.memory)
    console.print(
        f"errors: {sum(seen.errors.values())}; generations published: "
        f"{', '.join(seen.generations) or 'none'}; memory at most {most / 2**20:,.0f} MB, "
        f"last fifth against second fifth {_growth(seen.memory):.2f}"
    )
    fifths = ", ".join(f"{size / 2**20:,.0f}" for size in _fifths(seen.memory))
    console.print(f"medians of the fifths: {fifths} MB")
    for problem, count in seen.errors.most_common(20):
        console.print(f"{count} × {problem}", markup=False)


def _taken(seen: Seen, kind: str) -> list[float]:
    """Seconds of requests of a kind, or of all."""
    return seen.taken[kind] if kind != "all" else [t for each in seen.taken.values() for t in each]


def _percentiles(taken: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds."""
    cuts = statistics.quantiles(taken, n=100)
    return 1000 * cuts[49], 1000 * cuts[98]


def results(kept: Seen, anew: Seen, options: argparse.Namespace) -> list[Result]:
    """What counts of both runs."""
    half, most = _percentiles(_taken(anew, "all"))
    own, p99 = _percentiles(_taken(kept, "all"))
    of = f"{options.clients} clients, {options.minutes:g} minutes, {_number(kept)} requests"
    of_anew = f"{options.clients} clients, {options.anew:g} minutes, {_number(anew)} requests"
    lost = sum(kept.errors.values()) + sum(anew.errors.values())
    memory = max(size for _, size in kept.memory) / 2**20
    against = "median, each answered anew"
    return [
        Result(what="requests lost or refused", ours=lost, unit="", of=f"{of}; {of_anew}",
               goal=at_most(0, "ours")),
        Result(what="99 of 100 answered within, each anew", ours=most, unit="ms", of=of_anew,
               against=against, peer=half, goal=at_most(GOAL)),
        Result(what="99 of 100 answered within", ours=p99, unit="ms", of=of, against=against,
               peer=half, goal=at_most(GOAL), note=f"half of them within {own:.1f} ms: kept"),
        Result(what="memory of the last fifth to the second", ours=_growth(kept.memory), unit="",
               of=of, goal=at_most(GROWTH, "ours")),
        Result(what="most memory", ours=memory, unit="MB", of=of),
        Result(what="generations taken up", ours=len(kept.generations), unit="", of=of),
    ]  # fmt: skip


def _number(seen: Seen) -> str:
    return f"{len(_taken(seen, 'all')):,}"


def judge(found: Sequence[Result]) -> None:
    """Print which goals are met."""
    for each in found:
        if each.met is not None:
            ratio = f", {each.ratio:.1f} times the {each.against}" if each.ratio else ""
            state = "met" if each.met else "NOT MET"
            print(f"{state}: {each.what} {each.ours:,.2f} {each.unit}{ratio}")


def _growth(memory: Sequence[tuple[float, int]]) -> float:
    _, second, *_, last = _fifths(memory)
    return last / second


def _fifths(memory: Sequence[tuple[float, int]]) -> list[float]:
    """The median memory of each fifth of the time."""
    end = memory[-1][0] + 1e-9
    parts: list[list[int]] = [[] for _ in range(5)]
    for at, size in memory:
        parts[int(5 * at / end)].append(size)
    return [statistics.median(part or [memory[0][1]]) for part in parts]


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and tell."""
    parser = argparse.ArgumentParser(prog="benchmarks load")
    parser.add_argument("data", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--anew", type=float, default=4, help="minutes with nothing kept")
    parser.add_argument("--switch", type=float, default=120, help="seconds between generations")
    parser.add_argument("--think", type=float, default=3.0, help="seconds between requests")
    parser.add_argument("--warm", type=float, default=30, help="seconds before times count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="keep the service's log")
    options = parser.parse_args(arguments)
    kept = measure(options.data, options, options.minutes, keep=True)
    show(kept, options.minutes, "as it is")
    anew = measure(options.data, options, options.anew, keep=False)
    show(anew, options.anew, "each answered anew")
    found = results(kept, anew, options)
    judge(found)
    tell(found)


if __name__ == "__main__":
    main(sys.argv[1:])
