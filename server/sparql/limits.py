"""How much of this machine a query, and a client, may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.sparql.gate import GateLimits


@dataclass(frozen=True)
class QueryLimits:
    """Limits on visitors' queries; the defaults suit a machine of two cores.

    ``workers`` is one more than ``per_client``, so that a client whose queries run long never
    holds up the others. ``waiting`` are those that wait for a worker and those that wait for the
    answer to the same query; with ``workers`` they must stay below the threads of the web server,
    or waiting queries would keep it from answering anything else. ``on_loop`` wait on the event
    loop and hold no thread, ``each_on_loop`` of one client. A whole graph that is read by its name
    has no limit on rows, and ``graph_bytes`` in place of ``bytes``: its cost grows with its size
    and no further, and half of it would be of no use.
    """

    seconds: float = 30.0
    rows: int = 100_000
    bytes: int = 64 << 20
    graph_bytes: int = 512 << 20
    memory: int = 1 << 30
    workers: int = 3
    per_client: int = 2
    waiting: int = 16
    on_loop: int = 100
    each_on_loop: int = 16
    waiting_seconds: float = 10.0
    own_workers: int = 1
    recycle_queries: int = 20_000
    recycle_memory: int = 256 << 20
    nice: int = 10
    crash_memory_seconds: float = 600.0
    update_seconds: float = 120.0
    update_file_bytes: int = 1 << 30
    milliseconds_per_minute: int = 60_000
    errors_per_minute: int = 60
    cache_bytes: int = 32 << 20
    gate: GateLimits = field(default_factory=GateLimits)

    @property
    def following(self) -> int:
        """Of those that may wait, how many for the answer to the same query."""
        return self.waiting // 3
