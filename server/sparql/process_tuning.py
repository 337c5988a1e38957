"""Settings of a whole server process, made before its threads start."""

from __future__ import annotations

import ctypes
import sys

M_ARENA_MAX = -8
ARENAS = 2
SWITCH_SECONDS = 0.001


def tune() -> None:
    """Keep memory with the system and turns short.

    The C library otherwise holds memory for each thread, and with it the largest answers that
    were ever sent, once a thread. And a thread that has work of a few milliseconds, such as
    looking at a long query, otherwise keeps the interpreter for five of them each time that
    another wants it: with many of those beside it, a health check waits for all in turn.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
    sys.setswitchinterval(SWITCH_SECONDS)
