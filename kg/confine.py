"""What a child process gives up before it touches what strangers wrote.

Both jails use it: the readers of documents (:mod:`kg.readers.worker`) and the workers that run
SPARQL (:mod:`server.sparql.worker`). It needs the standard library alone, for the workers start
with nothing else. Call it before the first thread starts.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000


def give_up_privileges() -> None:
    """No program run from here gains rights, nobody attaches to it, its files are its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o077)


def leave_network(*, keep_user: bool = False) -> bool:
    """Move to a network namespace with nothing in it; False where the system forbids that.

    ``keep_user`` stays the same user where it can: root in a namespace of its own may no longer
    read the files of others.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    ways = [CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET]
    return any(libc.unshare(flags) == 0 for flags in (reversed(ways) if keep_user else ways))


def die_with(parent: int) -> None:
    """Be killed when the thread that started this process ends; ``parent`` is its process id."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def bound(*, memory: int, file_bytes: int | None = None, cpu_seconds: int | None = None) -> None:
    """Bound address space in bytes, the size of files written, and processor time from now on.

    There are no core dumps. The hard limits stay as they are for processor time, so that each
    piece of work can be given its own.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    if cpu_seconds is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        budget = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (budget, hard))
