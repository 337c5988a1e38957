"""One writer at a time to a data directory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kg.errors import DataLocked, StorageFailed


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Hold the lock of the one writer; what the disk refuses is told as our own error.

    :raises DataLocked: at once when another process holds it.
    :raises StorageFailed: when the disk is full or fails.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "lock", timeout=0):
            yield
    except Timeout as error:
        raise DataLocked(
            f"Another process is writing to {home}.",
            why="Only one build can run at a time.",
            cure="Wait until it has ended.",
        ) from error
    except (OSError, sqlite3.OperationalError) as error:
        raise StorageFailed(
            f"Writing to {home} failed.",
            why=f"{getattr(error, 'strerror', None) or error}.",
            cure="Make room or mend the disk, then build again; until then the last whole "
            "generation is served.",
        ) from error
