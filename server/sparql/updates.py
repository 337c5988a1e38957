"""SPARQL 1.1 Update for the operator: the operator's own graphs, and no others.

    token ─▶ gate ─▶ tried in a copy, in a process that can be killed ─▶ local.nq
                                                          ─▶ next generation ─▶ taken up

Without the token nothing is tried. What is made from documents cannot change in this way.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kg import local
from kg.errors import DataLocked, FindingsError
from kg.generations import Generation
from kg.republish import change_local
from server.operator import Operator, bearer
from server.sparql import http, update_gate
from server.sparql.errors import PoolUnavailable, QueryFailure, UpdateFailed, UpdateForbidden
from server.sparql.http import Request, Response
from server.sparql.limits import QueryLimits
from server.sparql.process import Abandoned, DeadlinePassed, Gone, WorkerProcess
from server.sparql.query import crash, deadline, failure

WORKER = "server.sparql.update_worker"
SCRATCH = "update.tmp"
TakeUp = Callable[[str], None]
"""Serve the generation of this name from now on."""


@dataclass(frozen=True)
class Update:
    """An update and the dataset that the protocol gives with it."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Updater:
    """Runs the operator's updates on a data directory, one at a time."""

    home: Path
    operator: Operator
    take_up: TakeUp
    limits: QueryLimits = field(default_factory=QueryLimits)

    def check(self, request: Request) -> None:
        """Pass the operator, refuse everyone else; raises server.errors.Refused."""
        self.operator.check(bearer(request.authorization), request.origin, request.host)

    def run(self, update: Update, base_iri: str) -> Response:
        """Run an update that the operator sent; its answer says what is served then."""
        text = update_gate.check(update.text, self.limits.gate, update.using, update.using_named)
        try:
            generation = change_local(self.home, lambda base: self._try(base, text, base_iri))
        except DataLocked as error:
            raise PoolUnavailable(error.what, why=error.why, retry_after=10) from error
        except QueryFailure:
            raise
        except FindingsError as error:
            raise UpdateFailed(error.what, why=error.why, cure=error.cure) from error
        name = generation.path.name
        self.take_up(name)
        held = local.read(self.home).count(b"\n")
        body = msgspec.json.encode({"generation": name, "quads": held})
        return http.respond(200, "application/json", body, Cache_Control="no-store")

    def _try(self, base: Generation, text: str, base_iri: str) -> bytes:
        """What the operator's graphs hold after the update, as N-Quads."""
        scratch = self.home / "generations" / SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        current = base.manifest.local == local.digest(self.home)
        request = {
            "update": text,
            "base_iri": base_iri,
            "base": base.manifest.base,
            "takes_away": update_gate.takes_away(text),
            "restore": "" if current else str(self.home.resolve() / local.FILE),
            "bytes": self.limits.bytes,
        }
        settings = {
            "store": str(base.store.resolve()),
            "scratch": str(scratch.resolve()),
            "memory": self.limits.memory,
            "file_bytes": self.limits.update_file_bytes,
            "nice": self.limits.nice,
        }
        worker = WorkerProcess(settings, WORKER)
        try:
            worker.wait_ready()
            reply = worker.ask(request, self.limits.update_seconds)
        except DeadlinePassed:
            raise deadline(self.limits.update_seconds) from None
        except (Gone, Abandoned) as error:
            raise crash(str(error), self.limits.memory) from None
        finally:
            worker.kill()
            shutil.rmtree(scratch, ignore_errors=True)
        with reply.body:
            data = reply.body.read()
        if reply.record["status"] != "ok":
            raise _refused(reply.record, base.manifest.base)
        return data


def _refused(record: dict[str, object], base: str) -> QueryFailure:
    match record["status"]:
        case "made":
            graphs = record["graphs"]
            assert isinstance(graphs, list)  # noqa: S101 - our own worker's record
            return UpdateForbidden(
                "The update would change what is made from documents.",
                why=f"It would change {', '.join(map(_graph_name, graphs))}"
                + (" and others." if record["more"] != len(graphs) else "."),
                cure=f"Name a graph of your own: below {base}graph/local/, or of another address.",
            )
        case "reserved":
            return UpdateForbidden(
                "The update says what only documents may say.", why=str(record["message"])
            )
    return failure(record)


def _graph_name(name: str) -> str:
    return "the graph without a name" if name == "DEFAULT" else name
