"""What reading one file may cost before it is refused."""

from __future__ import annotations

import msgspec

MIB = 1 << 20


class ReaderLimits(msgspec.Struct, frozen=True):
    """Limits on one file: sizes in bytes, times in seconds.

    ``memory_bytes`` is the address space of the child process that reads, so it must leave
    room for the interpreter itself (about 300 MiB). ``archive_ratio`` is unpacked size over
    packed size, beyond which an archive is taken for a bomb.
    """

    file_bytes: int = 100 * MIB
    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 40
    wall_seconds: float = 120.0
    pages: int = 3_000
    characters: int = 20_000_000
    archive_bytes: int = 200 * MIB
    archive_entries: int = 2_000
    archive_ratio: int = 200


DEFAULT_LIMITS = ReaderLimits()
