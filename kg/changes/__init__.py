"""What changed from one generation to the next: a log that travels from each to the next.

    changes.jsonl    one line a published generation, oldest first: a Revision

The log is part of the generation, so that it is published with it in one step and checked
with it. It names things by id and quotes no document. When a document is taken out, all that
the log told of it goes too, but for one line with its id that says that it is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg.changes.compare import compare
from kg.changes.held import Held, held
from kg.changes.records import Because, Change, Revision
from kg.errors import GenerationError
from kg.generations import Generation

__all__ = ["FILE", "Because", "Change", "Revision", "load", "one_issue", "record"]

FILE = "changes.jsonl"


def load(generation: Path) -> tuple[Revision, ...]:
    """The log of a generation, oldest first; empty where it was built without one.

    :raises GenerationError: when the file is not what :func:`record` writes.
    """
    path = generation / FILE
    if not path.is_file():
        return ()
    try:
        return tuple(msgspec.json.Decoder(Revision).decode_lines(path.read_bytes()))
    except msgspec.DecodeError as problem:
        raise GenerationError(
            f"The log of changes of generation {generation.name} cannot be read.",
            why=f"{problem}.",
            cure="Run `findings build` again.",
        ) from problem


def record(
    fresh: Path,
    base: str,
    before: Generation | None,
    when: datetime,
    because: Because,
    documents: Collection[str] | None = None,
) -> Revision:
    """Write the log of a generation whose graph is written: that of the one before it, and
    what differs. ``base`` begins its IRIs, ``when`` is told in seconds; ``documents`` are those
    whose findings may be others than before, if not all."""
    new = held(fresh / "store", base, documents if before else ())
    old = held(before.store, before.manifest.base, documents) if before else Held()
    revision = Revision(
        when.isoformat(timespec="seconds"),
        fresh.with_suffix("").name,
        because if before else "first",
        tuple(compare(old, new)),
    )
    log = [*(load(before.path) if before else ()), revision]
    kept = _kept(log, new)
    (fresh / FILE).write_bytes(msgspec.json.Encoder().encode_lines(kept))
    return revision


def one_issue(log: Sequence[Revision], issue: str) -> frozenset[str]:
    """All ids that an issue has had, by any of them."""
    pairs = [(c.was, c.thing) for one in log for c in one.changes if c.was]
    ids = {issue}
    while more := {x for pair in pairs if not ids.isdisjoint(pair) for x in pair} - ids:
        ids |= more
    return frozenset(ids)


def _kept(log: Sequence[Revision], new: Held) -> list[Revision]:
    """The log without what rests on documents that are not held."""
    events = {event for issue in new.issues.values() for event in issue.occurrences.values()}
    issues = frozenset().union(*(one_issue(log, issue) for issue in new.issues))
    return [replace(one, changes=tuple(_told(one.changes, new, issues, events))) for one in log]


def _told(
    changes: Iterable[Change], new: Held, issues: Set[str], events: Set[str]
) -> Iterator[Change]:
    """Changes of what is held, and that something is gone."""
    for change in changes:
        if change.what == "removed":
            yield change
        elif change.kind == "issue":
            if change.thing in issues:
                yield replace(change, events=tuple(e for e in change.events if e in events))
        elif new.documents.keys() >= set(change.documents):
            yield change
