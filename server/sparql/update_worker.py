"""The process that tries an update: in a copy of the store that is thrown away.

What it gives is what the operator's graphs then hold, as N-Quads; or why that may not be: the
update would change a graph that is made from documents, or says what only documents may say.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg import confine, local
from server.sparql.answer import LimitReached, Out
from server.sparql.wire import Wire
from server.sparql.worker import STACK, confined_to, deeply

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

    Graph = NamedNode | BlankNode | DefaultGraph

COUNTS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
NAMED_MOST = 3


class Reserved(Exception):
    """The update says what an operator may not say."""


class _Digest:
    """A file that keeps nothing but the digest of what is written to it."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        return len(data)

    def flush(self) -> None: ...

    def value(self) -> str:
        return self._sum.hexdigest()


def _made(store: Store, base: str) -> Iterator[Graph]:
    """The graphs that no update may change: those made from documents, and the nameless one."""
    from pyoxigraph import DefaultGraph

    yield DefaultGraph()
    for graph in store.named_graphs():
        if not local.is_local(graph.value, base):
            yield graph


def snapshot(store: Store, base: str, *, contents: bool) -> dict[str, str]:
    """What can be told of each of them: how much it holds, and a digest of what.

    Counts are enough for an update that only adds. Digests take seconds in a large store.
    """
    import pyoxigraph as ox

    counted: Any = store.query(COUNTS)
    counts = {str(row["g"]): row["n"].value for row in counted}
    found = {str(graph): counts.get(str(graph), "0") for graph in _made(store, base)}
    nameless = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    found[str(ox.DefaultGraph())] = str(sum(1 for _ in nameless))
    for graph in _made(store, base) if contents else ():
        total: Any = _Digest()
        store.dump(total, ox.RdfFormat.N_TRIPLES, from_graph=graph)
        found[str(graph)] += total.value()
    return found


def _allowed(store: Store, base: str) -> Iterator[Quad]:
    for graph in local.names(store, base):
        for quad in store.quads_for_pattern(None, None, None, graph):
            if why := local.refusal(quad, base):
                raise Reserved(why)
            yield quad


def _restore(store: Store, base: str, path: str) -> None:
    """Make the operator's graphs what their file holds."""
    import pyoxigraph as ox

    for graph in local.names(store, base):
        store.remove_graph(graph)
    if os.path.exists(path):
        store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)


def _try(store: Store, request: dict[str, Any], wire: Wire) -> tuple[bytes, dict[str, Any]]:
    import pyoxigraph as ox

    base, contents = request["base"], request["takes_away"]
    if request["restore"]:
        _restore(store, base, request["restore"])
    before = snapshot(store, base, contents=contents)
    store.update(request["update"], base_iri=request["base_iri"])
    after = snapshot(store, base, contents=contents)
    changed = [name for name in before | after if before.get(name) != after.get(name)]
    if changed:
        return b"", {"status": "made", "graphs": changed[:NAMED_MOST], "more": len(changed)}
    out: Any = Out(wire, request["bytes"], None)
    ox.serialize(_allowed(store, base), out, ox.RdfFormat.N_QUADS)
    return out.take(), {"status": "ok"}


def _answer(store: Store, request: dict[str, Any], wire: Wire) -> tuple[bytes, dict[str, Any]]:
    try:
        return _try(store, request, wire)
    except Reserved as error:
        return b"", {"status": "reserved", "message": str(error)}
    except SyntaxError as error:
        return b"", {"status": "syntax", "message": str(error)}
    except LimitReached as error:
        return b"", {"status": "limit", "limit": error.limit, "value": error.value}
    except MemoryError:
        return b"", {"status": "memory"}
    except (ValueError, RuntimeError, OSError) as error:
        return b"", {"status": "refused", "message": str(error)[:500]}


def _serve(store: Store, wire: Wire) -> None:
    request = wire.receive()
    if request is not None:
        start = time.monotonic()
        data, record = _answer(store, request, wire)
        wire.end(data, {**record, "ms": (time.monotonic() - start) * 1000})


def main(descriptor: str, settings_json: str) -> None:
    """Confine the process, copy the store by hard links, and answer one request."""
    settings = json.loads(settings_json)
    wire = Wire(socket.socket(fileno=int(descriptor)))
    confined = {"network": not confined_to(settings, keep_user=True), "files": True}
    from pyoxigraph import Store

    confine.bound(memory=settings["memory"] + STACK, file_bytes=settings["file_bytes"])
    Store.read_only(settings["store"]).backup(settings["scratch"])
    store = Store(settings["scratch"])
    wire.end(b"", {"status": "ready", "open": confined})
    deeply(lambda: _serve(store, wire))
    os._exit(0)
