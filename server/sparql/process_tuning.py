"""Settings of a whole server process, made before its threads start."""

from __future__ import annotations

import ctypes
import gc
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


def settle() -> None:
    """What is loaded by now lasts as long as the process: looking for garbage passes it over.

    A full look at the modules of a model takes a third of a second, and all wait for it.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give memory that nothing holds any more back to the system."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
