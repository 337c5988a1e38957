"""How much a build gives way to a service on the same machine."""

from __future__ import annotations

import os

VARIABLE = "FINDINGS_BUILD_NICE"
NICE = 10
"""Steps of niceness: where there is too little processor for both, a service gets about ten
times as much as a build; where nobody else works, a build loses nothing."""


def give_way() -> None:
    """Lower the priority of this process, and of those that it starts, never to raise it again.

    ``FINDINGS_BUILD_NICE`` sets the niceness, 0 to 19; 0 leaves the priority as it is.
    """
    given = os.environ.get(VARIABLE, "")
    wanted = int(given) if given.isdecimal() else NICE
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, min(wanted, 19)))
