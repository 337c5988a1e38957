"""Give memory back to the system."""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8
ARENAS = 2


def bound_arenas() -> bool:
    """Keep the C library from holding memory for each thread; call it before threads start.

    A server of many threads otherwise keeps the largest answers it ever sent, once a thread.
    Gives False where the C library has no such setting.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_ARENA_MAX, ARENAS) == 1
