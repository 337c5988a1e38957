"""What an officer decided about repeated findings: an overlay that outlives every build.

``corrections.yaml`` in the data directory holds a list of decisions (see docs/corrections.md).
Findings are named by document and words, never by an id, so that a decision still holds
when a better reading of the document gives its findings other ids.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock

from kg.errors import FindingsError, StorageFailed

FILE = "corrections.yaml"

LOCK_SECONDS = 10
"""How long a decision waits while another is written."""

Kind = Literal["confirm", "reject", "merge", "split", "relabel"]
Action = Literal[Kind, "undo"]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding: the id of its document, and words of it."""

    document: str
    quote: str

    def fits(self, document: str, quote: str) -> bool:
        """Whether a finding of a document with these words is meant."""
        ours, theirs = _plain(self.quote), _plain(quote)
        return document == self.document and bool(ours) and (ours in theirs or theirs in ours)


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One decision: ``by`` is the role of who took it, ``when`` the day.

    ``issue`` is the id of the issue on whose page it was recorded; it has no effect. An undo
    names the kind of decision that it takes back in ``undoes``, and the same findings.
    """

    action: Action
    findings: tuple[Place, ...]
    by: str
    when: date
    label: str = ""
    why: str = ""
    issue: str = ""
    undoes: Kind | None = None

    def __post_init__(self) -> None:
        if not self.findings or not self.by.strip():
            raise ValueError("a decision names its findings and the role of who took it")
        if (self.action == "relabel") != bool(self.label.strip()):
            raise ValueError("a label is given with 'relabel' and with nothing else")
        if (self.action == "undo") != (self.undoes is not None):
            raise ValueError("'undoes' is given with 'undo' and with nothing else")
        if self.action == "merge" and len(self.findings) < 2:
            raise ValueError("'merge' names a finding of each issue")


def load(home: Path) -> tuple[Correction, ...]:
    """The decisions in a data directory, in order; none where there is no file.

    :raises FindingsError: when the file is not as docs/corrections.md says.
    """
    path = home / FILE
    if not path.is_file():
        return ()
    try:
        return msgspec.yaml.decode(path.read_bytes() or b"[]", type=tuple[Correction, ...])
    except msgspec.DecodeError as problem:
        raise FindingsError(
            f"The corrections in {path.name} cannot be read.",
            why=f"{problem}.",
            cure="docs/corrections.md shows the form.",
        ) from problem


class Taken(msgspec.Struct, frozen=True):
    """A decision, and the later one that took it back, if any did."""

    decision: Correction
    undone: Correction | None = None


def history(corrections: Iterable[Correction]) -> tuple[Taken, ...]:
    """Every decision in order, with what became of it.

    An undo takes back the latest decision of its kind on the same findings that stands; one that
    fits none does nothing.
    """
    found: list[Taken] = []
    for one in corrections:
        if one.action != "undo":
            found.append(Taken(one))
            continue
        fit = (n for n in reversed(range(len(found))) if _takes_back(one, found[n]))
        place = next(fit, None)
        if place is not None:
            found[place] = Taken(found[place].decision, one)
    return tuple(found)


def _takes_back(undo: Correction, taken: Taken) -> bool:
    decision = taken.decision
    same = set(undo.findings) == set(decision.findings)
    return same and taken.undone is None and undo.undoes == decision.action


def in_effect(home: Path) -> tuple[Correction, ...]:
    """The decisions in a data directory that nobody took back, in order."""
    return tuple(one.decision for one in history(load(home)) if one.undone is None)


def record(home: Path, correction: Correction) -> None:
    """Add a decision at the end of the file, in one step; what stands there stays as written.

    :raises FindingsError: when the file cannot be read or written, and then nothing is changed.
    """
    path, fresh = home / FILE, home / f"{FILE}.tmp"
    with FileLock(home / f"{FILE}.lock", timeout=LOCK_SECONDS):
        load(home)
        before = path.read_bytes().rstrip() + b"\n" if path.is_file() else b""
        try:
            with fresh.open("wb") as stream:
                stream.write((b"" if _is_empty(before) else before) + _written(correction))
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise StorageFailed(
                "The decision could not be kept.",
                why=f"{error.strerror or error}.",
                cure="Nothing was changed. Make room on the disk, then record it again.",
            ) from error


def _is_empty(data: bytes) -> bool:
    return msgspec.yaml.decode(data or b"[]") in (None, [])


def _written(correction: Correction) -> bytes:
    """The lines of one decision, without what it leaves out."""
    plain = msgspec.to_builtins(correction, builtin_types=(date,))
    told = {name: value for name, value in plain.items() if value}
    return msgspec.yaml.encode([told])


def changed(home: Path) -> tuple[int, int, int] | None:
    """What tells the file from what it was, without reading it; None where there is none."""
    try:
        held = (home / FILE).stat()
    except OSError:
        return None
    return held.st_mtime_ns, held.st_size, held.st_ino


def version(home: Path) -> str:
    """A digest of the file, empty where there is none: new decisions make a new generation."""
    path = home / FILE
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
