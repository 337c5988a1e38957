"""The process that runs queries of strangers: one store, read-only, and nothing to reach.

It is started with the standard library and pyoxigraph alone (see :data:`server.sparql.process.
START`), takes requests from a socket and answers each as :mod:`server.sparql.wire` tells.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg import confine
from server.sparql.answer import LimitReached, Out, Rows
from server.sparql.wire import Wire

if TYPE_CHECKING:
    import pyoxigraph

STACK = 256 << 20
"""Bytes of stack for a query; parsing and planning recurse with it."""

FILE_BYTES = 1 << 20
WEIGH_EVERY, WEIGH_MILLISECONDS = 32, 5.0
"""The process tells its memory after every so many queries, and after each that was slow."""


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


def counted(triples: Iterator[Any], most: int | None, seen: list[int]) -> Iterator[Any]:
    """The triples, counted in ``seen``; LimitReached beyond the most, if there is one."""
    for seen[0], triple in enumerate(triples, 1):
        if most is not None and seen[0] > most:
            raise LimitReached("result rows", most)
        yield triple


class Runner:
    """A store and the queries run on it."""

    def __init__(self, store: pyoxigraph.Store, wire: Wire, prefixes: dict[str, str]) -> None:
        self._store, self._wire, self._prefixes = store, wire, prefixes
        self._answered = 0

    def answer(self, request: dict[str, Any]) -> None:
        """Run one request and send its answer, or the reason why there is none."""
        start = time.monotonic()
        data, record = self._run(request)
        record["ms"] = (time.monotonic() - start) * 1000
        if self._answered % WEIGH_EVERY == 0 or record["ms"] > WEIGH_MILLISECONDS:
            record["rss"] = resident()
        self._answered += 1
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
            counted(found, request["rows"], seen),
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


def confined_to(settings: dict[str, Any], *, keep_user: bool = False) -> bool:
    """Give up all that a query never needs; whether the network is among it."""
    confine.die_with(settings["parent"])
    confine.give_up_privileges()
    os.nice(settings["nice"])
    return confine.leave_network(keep_user=keep_user)


def deeply(act: Callable[[], None]) -> None:
    """Do it in a thread with a large stack; the main thread's is too small for long queries."""
    threading.stack_size(STACK)

    def work() -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            act()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def main(descriptor: str, settings_json: str) -> None:
    """Confine the process, open the store, and answer until the parent goes."""
    settings = json.loads(settings_json)
    wire = Wire(socket.socket(fileno=int(descriptor)))
    confined = {"network": not confined_to(settings)}
    import pyoxigraph

    confine.bound(memory=settings["memory"] + STACK, file_bytes=FILE_BYTES)
    store = pyoxigraph.Store.read_only(settings["store"])
    confined["files"] = not close_the_door(settings["store"])
    wire.end(b"", {"status": "ready", "open": confined})
    runner = Runner(store, wire, settings["prefixes"])
    deeply(lambda: _serve(runner, wire))
    # Closing a large store takes time that nobody needs.
    os._exit(0)
