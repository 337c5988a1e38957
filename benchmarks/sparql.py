"""Our endpoint beside ``oxigraph serve-read-only`` and rdflib-endpoint, in one run.

    python -m benchmarks sparql [QUADS]

Tells requests a second of point look-ups by 8 clients (each query once, and queries that
repeat) and of aggregates (run anew, and from the cache), and what the way
through a worker process adds to a query of 20 rows. Each figure is the median of three rounds, in
which the servers take turns, because machines are noisy. Needs what the extra ``bench`` installs.
rdflib-endpoint holds all data in memory and reads it slowly, so it is measured on a store of its
own size.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import SPARQLWrapper

from benchmarks.results import Result, at_least, tell

CLIENTS, SECONDS, ROUNDS = 8, 5.0, 3
RDFLIB_QUADS = 300_000
EX = "http://example.org/"
AGGREGATES = {
    "count by theme": f"SELECT ?t (COUNT(*) AS ?n) {{ ?f <{EX}theme> ?t }} GROUP BY ?t",
    "average by theme": (
        f"SELECT ?t (AVG(?y) AS ?n) {{ ?f <{EX}theme> ?t ; <{EX}year> ?y }} GROUP BY ?t"
    ),
    "distinct documents": f"SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?f <{EX}document> ?d }}",
}


def quads(count: int) -> Iterator[ox.Quad]:
    """Findings with a theme, a year and a document, one named graph a document."""
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    for number in range(count // 3):
        finding, document = ox.NamedNode(f"{EX}f{number}"), ox.NamedNode(f"{EX}d{number // 100}")
        year = ox.Literal(str(2010 + number % 15), datatype=integer)
        for name, value in (
            ("theme", ox.NamedNode(f"{EX}t{number % 40}")),
            ("year", year),
            ("document", document),
        ):
            yield ox.Quad(finding, ox.NamedNode(EX + name), value, document)


def lookup(number: int) -> str:
    """What is known of one finding."""
    return f"SELECT ?p ?o {{ <{EX}f{number}> ?p ?o }}"


# --- servers -------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A server process, once it listens."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _await(process, port)
            yield port
        finally:
            process.terminate()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a server listens, for as long as it lives and for ten minutes at most."""
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError(f"A server did not start: {process.args!r}.")


def oxigraph(store: str) -> contextlib.AbstractContextManager[int]:
    """The server that the engine's authors ship."""
    port = _free_port()
    place = ["--location", store, "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    program = str(Path(sys.executable).with_name("oxigraph"))
    return running([program, "serve-read-only", *place], port)


def ours(store: str) -> contextlib.AbstractContextManager[int]:
    """Our endpoint in Flask on uvicorn, as it is served."""
    port = _free_port()
    return running([sys.executable, "-m", "benchmarks.sparql", "serve", store, str(port)], port)


def rdflib_endpoint(data: str) -> contextlib.AbstractContextManager[int]:
    """The endpoint that most Python programs would take, over N-Quads in memory."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.sparql", "rdflib", data, str(port)]
    return running(command, port)


def serve_rdflib(data: str, port: str) -> None:
    """Serve until terminated."""
    import rdflib
    import uvicorn
    from rdflib_endpoint import SparqlEndpoint

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data, format="nquads")
    uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), port=int(port), log_level="error")


def serve(store: str, port: str) -> None:
    """Serve until terminated."""
    from flask import Flask

    from server.bridge import QUICK
    from server.headers import DATA
    from server.sparql.blueprint import install
    from server.sparql.limits import QueryLimits
    from server.sparql.pool import QueryPool
    from server.sparql.process_tuning import tune
    from server.sparql.protocol import Endpoint
    from server.web import WebServer

    tune()
    with QueryPool(
        store, QueryLimits(milliseconds_per_minute=10**9, errors_per_minute=10**9, nice=0)
    ) as pool:
        app = Flask("benchmark")
        install(app, Endpoint(pool), headers=DATA)
        WebServer(app, port=int(port), threads=24, quickly=app.extensions[QUICK]).run()


# --- load ----------------------------------------------------------------------------------


def _ask(connection: socket.socket, text: str) -> bytes:
    """One request on an open connection; its body, which must come with status 200."""
    accept = "application/sparql-results+json"
    head = f"GET /sparql?query={quote(text)} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n"
    if connection.getpeername()[1] in OXIGRAPH:
        head = head.replace("/sparql", "/query", 1)
    connection.sendall(head.encode())
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    fields, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in fields[:20]:
        raise RuntimeError(fields[:300])
    if b"chunked" in fields.lower():
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
        return body
    length = int(fields.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


OXIGRAPH: set[int] = set()


def _client(port: int, first: int, most: int, is_oxigraph: bool) -> int:
    """Requests done by the cheapest client there can be, which leaves the load to the server."""
    if is_oxigraph:
        OXIGRAPH.add(port)
    done, until = 0, time.monotonic() + SECONDS
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < until:
            _ask(connection, lookup(first + done % most))
            done += 1
    return done


def _wrapper(port: int, first: int, most: int, is_oxigraph: bool) -> int:
    """Requests done by SPARQLWrapper, which most researchers use."""
    client = SPARQLWrapper.SPARQLWrapper(
        f"http://127.0.0.1:{port}/{'query' if is_oxigraph else 'sparql'}"
    )
    client.setReturnFormat(SPARQLWrapper.JSON)
    done, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        client.setQuery(lookup(first + done % most))
        client.queryAndConvert()
        done += 1
    return done


OF_ITS_OWN = 4_000
"""Queries that one client asks in one turn, and nobody else."""

Client = Callable[[int, int, int, bool], int]


def throughput(client: Client, port: int, most: int, is_oxigraph: bool, turn: int = 0) -> float:
    """Look-ups a second by 8 clients, each in its process, over ``most`` queries each.

    In another turn they ask other queries, so that no answer is there from the last.
    """
    starts = [(turn * CLIENTS + number) * OF_ITS_OWN for number in range(CLIENTS)]
    jobs = [(port, start, min(most, OF_ITS_OWN), is_oxigraph) for start in starts]
    with multiprocessing.get_context("fork").Pool(CLIENTS) as clients:
        return sum(clients.starmap(client, jobs)) / SECONDS


def seconds(ports: tuple[int, int], text: str, runs: int = 9) -> tuple[float, float, float]:
    """Medians of some runs of each server, in turn, each run another query to a cache; and of
    the second one when it is asked the same again."""
    taken: tuple[list[float], ...] = ([], [], [])
    for run in range(runs):
        asked = text.replace("?n", f"?n{run}")
        for place, port in enumerate((*ports, ports[1])):
            start = time.perf_counter()
            _once(port, asked)
            taken[place].append(time.perf_counter() - start)
    one, two, again = map(statistics.median, taken)
    return one, two, again


def _once(port: int, text: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        _ask(connection, text)


def _median(act: Callable[[int], object], times: int) -> float:
    taken = []
    for run in range(times):
        start = time.perf_counter()
        act(run)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def overhead(store: str) -> float:
    """Milliseconds that a worker process adds to a query of 20 rows, median."""
    from server.sparql.pool import QueryPool

    with QueryPool(store) as pool:
        found = [pool.query(f"SELECT * {{ ?s ?p ?o }} LIMIT 20 # {n}") for n in range(200)]

        def hop(_: int) -> None:
            found.append(pool.query("SELECT * { ?s ?p ?o } LIMIT 20"))

        total = _median(hop, 1000) * 1000
    return total - statistics.median(one.milliseconds for one in found)


LOADS: tuple[tuple[str, Client, int], ...] = (
    ("SPARQLWrapper, each query once", _wrapper, 10**9),
    ("SPARQLWrapper, queries repeat", _wrapper, 50),
    ("bare sockets, each query once", _client, 10**9),
    ("bare sockets, queries repeat", _client, 50),
)


def _write(store: str, count: int) -> None:
    writer = ox.Store(store)
    writer.bulk_extend(quads(count))
    writer.flush()


def beside_rdflib(count: int) -> Iterator[Result]:
    """Aggregates of ours on the same data as rdflib-endpoint.

    Oxigraph's alone are in the notes: where both are as little ahead, it is the engine that takes
    the time. The mean of the ratios is geometric.
    """
    of = f"{count:,} quads"
    with tempfile.TemporaryDirectory() as place:
        store, data = f"{place}/store", f"{place}/data.nq"
        _write(store, count)
        ox.serialize(quads(count), data, format=ox.RdfFormat.N_QUADS)
        with rdflib_endpoint(data) as theirs, ours(store) as own, oxigraph(store) as engine:
            OXIGRAPH.add(engine)
            ratios = []
            for name, text in AGGREGATES.items():
                one, two, again = seconds((theirs, own), text, runs=3)
                alone = seconds((engine, own), text.replace("?n", "?o"), runs=3)[0]
                ratios.append((one / two, one / alone))
                note = f"Oxigraph {one / alone:.0f} times, ours again {one / again:,.0f} times"
                yield _rate(name, two, "rdflib-endpoint", one, of, note)
            mean, engines = map(statistics.geometric_mean, zip(*ratios, strict=True))
            yield Result(what="aggregates, mean ratio to rdflib-endpoint", ours=mean, unit="",
                         of=of, goal=at_least(20, "ours"),
                         note=f"Oxigraph {engines:.0f} times")  # fmt: skip


def _rate(name: str, own: float, against: str, theirs: float, of: str, note: str) -> Result:
    """Queries a second, of what one took."""
    return Result(what=name, ours=1 / own, unit="queries/s", of=of, against=against,
                  peer=1 / theirs, note=note)  # fmt: skip


def beside(name: str, client: Client, most: int, ports: tuple[int, int], of: str) -> Result:
    """Look-ups of oxigraph and of ours, in turns."""
    turns = [
        (throughput(client, ports[0], most, True, n), throughput(client, ports[1], most, False, n))
        for n in range(ROUNDS)
    ]
    one, two = (statistics.median(values) for values in zip(*turns, strict=True))
    low, *_, high = sorted(ours / theirs for theirs, ours in turns)
    goal = at_least(0.5) if client is _wrapper and most > OF_ITS_OWN else None
    return Result(what=f"look-ups, {name}", ours=two, unit="queries/s", of=of, against="Oxigraph",
                  peer=one, goal=goal, note=f"ratios {low:.2f} to {high:.2f}")  # fmt: skip


def beside_oxigraph(count: int) -> Iterator[Result]:
    """Look-ups and aggregates of ours and of the engine's own server."""
    of = f"{count:,} quads"
    with tempfile.TemporaryDirectory() as store:
        _write(store, count)
        with oxigraph(store) as theirs, ours(store) as own:
            for name, client, most in LOADS:
                yield beside(name, client, most, (theirs, own), of)
            OXIGRAPH.add(theirs)
            ratios = []
            for name, text in AGGREGATES.items():
                one, two, again = seconds((theirs, own), text)
                ratios.append(one / two)
                yield _rate(name, two, "Oxigraph", one, of, f"ours again {one / again:.0f} times")
            yield Result(what="aggregates, mean ratio to Oxigraph", of=of, unit="",
                         ours=statistics.geometric_mean(ratios),
                         goal=at_least(0.9, "ours"))  # fmt: skip
        yield Result(what="worker process adds to a query of 20 rows", ours=overhead(store),
                     unit="ms", of=of)  # fmt: skip


def main(count: int) -> None:
    """Measure all, print, and tell."""
    for made in (beside_oxigraph(count), beside_rdflib(min(count, RDFLIB_QUADS))):
        for each in made:
            beside_it = f" beside {each.peer:.1f} of {each.against}" if each.peer else ""
            print(f"{each.what}: {each.ours:.2f} {each.unit}{beside_it} {each.note}", flush=True)
            tell([each])


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(*sys.argv[2:])
    elif sys.argv[1:2] == ["rdflib"]:
        serve_rdflib(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 300_000)
