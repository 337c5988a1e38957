"""How much a build gives way to a service on the same machine."""

from __future__ import annotations

import os

VARIABLE = "FINDINGS_BUILD_NICE"
NICE = 15
"""Niceness: below the processes that run visitors' queries (10), which come before a build where
there is too little processor for both; where nobody else works, a build loses nothing."""


def give_way() -> None:
    """Lower the priority of this process, and of those that it starts, never to raise it again.

    ``FINDINGS_BUILD_NICE`` sets the niceness, 0 to 19; 0 leaves the priority as it is.
    """
    given = os.environ.get(VARIABLE, "")
    wanted = int(given) if given.isdecimal() else NICE
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, min(wanted, 19)))
