"""The process that runs queries of strangers: one store, read-only, and nothing to reach.

Run as a file, so that starting it imports the standard library and pyoxigraph alone::

    python -I -S worker.py SOCKET_FD '{"store": …, "packages": …, …}'

It takes requests from the socket and answers each with frames: a kind of one byte, a length of
four, a payload. ``D`` carries a part of the answer; ``E`` ends it with a JSON record whose
``status`` says whether the parts may be used at all.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pyoxigraph

HEAD = struct.Struct("!cI")
STACK = 256 << 20
FLUSH = 256 << 10
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000


class LimitReached(Exception):
    """The answer has more rows or bytes than it may have."""

    def __init__(self, limit: str, value: int) -> None:
        super().__init__(limit, value)
        self.limit, self.value = limit, value


# --- the jail ------------------------------------------------------------------------------


def confine(parent: int, nice: int) -> dict[str, bool]:
    """Give up what a query never needs; before any thread is started. Says what took hold."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(nice)
    os.umask(0o077)
    ways = (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET)
    unshared = any(libc.unshare(flags) == 0 for flags in ways)
    return {"network": not unshared}


def limit_resources(memory: int) -> None:
    """Bound memory (bytes of address space, the query's stack apart), files and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (memory + STACK, memory + STACK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def close_the_door(store: str) -> bool:
    """Allow no further file or socket to be opened, if the store holds all its files open.

    A second wall where the system forbids an empty network namespace.
    """
    links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    opened = {os.path.realpath(link) for link in links if os.path.exists(link)}
    files = [entry.path for entry in os.scandir(store) if entry.name.endswith(".sst")]
    if not all(os.path.realpath(path) in opened for path in files):
        return False
    highest = max(int(os.path.basename(link)) for link in links if os.path.exists(link))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, highest + 1))
    return True


# --- rows are counted in what is written ---------------------------------------------------


class Rows:
    """Count the rows of a result in its serialised bytes, whatever pieces they come in.

    The engine serialises a whole result in one call, and this sees it pass. A pattern is what
    begins a row and cannot stand inside a value, since quotes and ``<`` are escaped there. A
    row that binds nothing has no pattern in JSON; the limit on bytes holds those.
    """

    PATTERNS: ClassVar = {
        "xml": re.compile(rb"<result>"),
        "json": re.compile(rb'[\[,]\{"[^"\\]*":\{"type":"'),
        "tsv": re.compile(rb"\n"),
        "csv": re.compile(rb"\n"),
    }
    TAIL = 256

    def __init__(self, kind: str) -> None:
        self._pattern, self._csv = self.PATTERNS[kind], kind == "csv"
        self._tail, self._quoted = b"", False
        self.count = -1 if kind in ("csv", "tsv") else 0

    def feed(self, data: bytes) -> int:
        """Take in the next piece; gives the rows so far."""
        if self._csv:
            parts = data.split(b'"')
            self.count += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
            self._quoted ^= len(parts) % 2 == 0
            return max(self.count, 0)
        text, end = self._tail + data, 0
        for match in self._pattern.finditer(text):
            self.count, end = self.count + 1, match.end()
        self._tail = text[max(end, len(text) - self.TAIL) :]
        return max(self.count, 0)


class Out:
    """Where the engine writes: counts, refuses beyond the limits, sends in parts."""

    def __init__(self, wire: Wire, most: int, rows: tuple[Rows, int] | None) -> None:
        self._wire, self._most, self._rows = wire, most, rows
        self._parts: list[bytes] = []
        self._held = self.size = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes of the answer."""
        self.size += len(data)
        if self.size > self._most:
            raise LimitReached("result bytes", self._most)
        if self._rows and self._rows[0].feed(data) > self._rows[1]:
            raise LimitReached("result rows", self._rows[1])
        self._parts.append(bytes(data))
        self._held += len(data)
        if self._held >= FLUSH:
            self._wire.send(b"D", self.take())
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that a reader could use before the end."""

    def take(self) -> bytes:
        """What is held, which is then held no longer."""
        held = b"".join(self._parts)
        self._parts, self._held = [], 0
        return held


class Wire:
    """Frames over the socket to the parent."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def send(self, kind: bytes, payload: bytes) -> None:
        """One frame."""
        self._socket.sendall(HEAD.pack(kind, len(payload)) + payload)

    def end(self, data: bytes, record: dict[str, Any]) -> None:
        """The last part of an answer and the record that ends it, in one write."""
        last = json.dumps(record).encode()
        part = HEAD.pack(b"D", len(data)) + data if data else b""
        self._socket.sendall(part + HEAD.pack(b"E", len(last)) + last)

    def receive(self) -> dict[str, Any] | None:
        """The next request; None when the parent has gone."""
        head = self._exactly(4)
        body = self._exactly(int.from_bytes(head, "big")) if head else b""
        return json.loads(body) if body else None

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                return b""
            data += part
        return data


# --- running a query -----------------------------------------------------------------------


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """The engine's arguments for the dataset; a dataset from the request is the whole of it."""
    from pyoxigraph import NamedNode

    default, named = request.get("default"), request.get("named")
    if default is None and named is None:
        return {"use_default_graph_as_union": request["union"]}
    return {
        "default_graph": [NamedNode(iri) for iri in default or ()],
        "named_graphs": [NamedNode(iri) for iri in named or ()],
    }


def _counted(triples: Iterator[Any], most: int, seen: list[int]) -> Iterator[Any]:
    for seen[0], triple in enumerate(triples, 1):
        if seen[0] > most:
            raise LimitReached("result rows", most)
        yield triple


class Runner:
    """A store and the queries run on it."""

    def __init__(self, store: pyoxigraph.Store, wire: Wire, prefixes: dict[str, str]) -> None:
        self._store, self._wire, self._prefixes = store, wire, prefixes

    def answer(self, request: dict[str, Any]) -> None:
        """Run one request and send its answer, or the reason why there is none."""
        start = time.monotonic()
        data, record = self._run(request)
        record["ms"] = (time.monotonic() - start) * 1000
        record["rss"] = resident()
        self._wire.end(data, record)

    def _run(self, request: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        try:
            return self._write(request)
        except SyntaxError as error:
            return b"", {"status": "syntax", "message": str(error)}
        except LimitReached as error:
            return b"", {"status": "limit", "limit": error.limit, "value": error.value}
        except MemoryError:
            return b"", {"status": "memory"}
        except (ValueError, RuntimeError, OSError) as error:
            return b"", {"status": "refused", "message": str(error)[:500]}

    def _write(self, request: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        import pyoxigraph as ox

        if "graph" in request:
            return self._dump(request)
        found = self._store.query(request["query"], base_iri=request["base"], **_dataset(request))
        if isinstance(found, ox.QueryTriples):
            return self._write_graph(found, request)
        if request["solutions"] is None:
            return b"", {"status": "unacceptable", "kind": "solutions"}
        return self._write_solutions(found, request)

    def _write_solutions(self, found: Any, request: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        import pyoxigraph as ox

        name, media_type = request["solutions"]
        boolean = isinstance(found, ox.QueryBoolean)
        rows = Rows(name)
        out: Any = Out(self._wire, request["bytes"], None if boolean else (rows, request["rows"]))
        found.serialize(out, ox.QueryResultsFormat.from_media_type(media_type))
        count = 1 if boolean else max(rows.count, 0)
        kind = "boolean" if boolean else "solutions"
        return out.take(), {"status": "ok", "kind": kind, "rows": count}

    def _write_graph(self, found: Any, request: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        import pyoxigraph as ox

        if request["graph_format"] is None:
            return b"", {"status": "unacceptable", "kind": "graph"}
        seen = [0]
        out: Any = Out(self._wire, request["bytes"], None)
        ox.serialize(
            _counted(found, request["rows"], seen),
            out,
            ox.RdfFormat.from_media_type(request["graph_format"][1]),
            prefixes=self._prefixes,
        )
        return out.take(), {"status": "ok", "kind": "graph", "rows": seen[0]}

    def _dump(self, request: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """The triples of one graph; the empty name is the default graph, which always exists."""
        import pyoxigraph as ox

        name = ox.NamedNode(request["graph"]) if request["graph"] else ox.DefaultGraph()
        quads = self._store.quads_for_pattern(None, None, None, name)
        if request["graph"] and not self._store.contains_named_graph(name):
            return b"", {"status": "no-graph"}
        return self._write_graph((quad.triple for quad in quads), request)


def resident() -> int:
    """Bytes of memory that the process holds."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def _serve(runner: Runner, wire: Wire) -> None:
    while (request := wire.receive()) is not None:
        runner.answer(request)


def main(descriptor: str, settings_json: str) -> None:
    """Confine the process, open the store, and answer until the parent goes."""
    settings = json.loads(settings_json)
    wire = Wire(socket.socket(fileno=int(descriptor)))
    confined = confine(settings["parent"], settings["nice"])
    sys.path.append(settings["packages"])
    import pyoxigraph

    limit_resources(settings["memory"])
    store = pyoxigraph.Store.read_only(settings["store"])
    confined["files"] = not close_the_door(settings["store"])
    wire.end(b"", {"status": "ready", "open": confined})
    # Parsing and planning recurse with the query; the main thread's stack is too small.
    threading.stack_size(STACK)
    runner = Runner(store, wire, settings["prefixes"])
    thread = threading.Thread(target=_serve, args=(runner, wire))
    thread.start()
    thread.join()
    # Closing a large store takes time that nobody needs.
    os._exit(0)


if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError):
        main(*sys.argv[1:])
