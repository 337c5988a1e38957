"""A remote store's answer in the format that its reader asked for, within bounds.

Results of the engine belong to the thread that made them and end in it. An error keeps alive the
frames that it passed, and with them their results; so none leaves here with its origin.
"""

from __future__ import annotations

import tempfile
from typing import IO, Any, NamedTuple

import pyoxigraph as ox

from kg.remote.graph import parsed
from ontology.terms import PREFIXES
from server.sparql.answer import LimitReached, Rows
from server.sparql.errors import PoolUnavailable, QueryFailure
from server.sparql.formats import Format
from server.sparql.query import too_large
from server.sparql.worker import counted

SPOOL = 1 << 20


class Bounds(NamedTuple):
    """How long an answer may take and how large it may be; None is no bound."""

    seconds: float
    rows: int | None
    bytes: int


def written(body: IO[bytes], form: str, chosen: Format, most: Bounds) -> tuple[IO[bytes], int, int]:
    """The answer at its start, its bytes and its rows; ResultTooLarge, or PoolUnavailable where
    the store broke it off."""
    spool = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 - given away
    failure: QueryFailure
    try:
        rows = _serialized(body, form, chosen, _Capped(spool, most, form, chosen))
        length = spool.tell()
        spool.seek(0)
        return spool, length, rows
    except LimitReached as error:
        failure = too_large(error.limit, error.value)
    except SyntaxError:
        failure = PoolUnavailable(
            "The graph store broke off its answer.",
            cure="Ask for less, or try again.",
            retry_after=5,
        )
    spool.close()
    raise failure


def _serialized(body: IO[bytes], form: str, chosen: Format, capped: _Capped) -> int:
    """Write the answer; gives its rows."""
    out: Any = capped
    answer = parsed(body, form)
    if isinstance(answer, ox.QuerySolutions | ox.QueryBoolean):
        answer.serialize(out, ox.QueryResultsFormat.from_media_type(chosen.media_type))
        return capped.rows if form == "SELECT" else 1
    seen, prefixes = [0], {str(name): iri for name, iri in PREFIXES.items()}
    triples = counted(iter(answer), capped.most.rows, seen)
    ox.serialize(triples, out, ox.RdfFormat.from_media_type(chosen.media_type), prefixes=prefixes)
    return seen[0]


class _Capped:
    """Where an answer is written: counts, and refuses beyond the bounds."""

    def __init__(self, out: IO[bytes], most: Bounds, form: str, chosen: Format) -> None:
        self.most, self._out = most, out
        self._counter = Rows(chosen.name) if form == "SELECT" else None
        self._size = self.rows = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes of the answer."""
        self._size += len(data)
        if self._size > self.most.bytes:
            raise LimitReached("result bytes", self.most.bytes)
        if self._counter is not None:
            self.rows = self._counter.feed(data)
            if self.most.rows is not None and self.rows > self.most.rows:
                raise LimitReached("result rows", self.most.rows)
        return self._out.write(data)

    def flush(self) -> None:
        """Nothing is held back."""
