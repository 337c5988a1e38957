"""The memory of this process, and of all that it starts together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path


class Memory:
    """The peak of this process and its descendants, in KiB, sampled while it is entered.

    Shared pages count once (PSS). ``own`` is whether this process is counted as well.
    """

    def __init__(self, *, own: bool = True) -> None:
        self.peak = 0
        self._own = own
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._sample)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _sample(self) -> None:
        while not self._ended.wait(0.25):
            family = list(_family(os.getpid()))
            self.peak = max(self.peak, sum(map(_share, family if self._own else family[1:])))


def together(process: int) -> int:
    """Bytes of memory of a process and its descendants together, shared pages once."""
    return 1024 * sum(map(_share, _family(process)))


def _family(process: int) -> Iterator[int]:
    """A process and its descendants; one that ends meanwhile is left out."""
    yield process
    try:
        lists = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return
    for child in " ".join(lists).split():
        yield from _family(int(child))


def _share(process: int) -> int:
    """The memory of a process in KiB, of shared pages its share; 0 when it has ended."""
    try:
        rolled = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rolled.splitlines() if "Pss:" in line), 0)


def held() -> tuple[float, float]:
    """MB of this process: its own, and its share of mapped files."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return sizes["Anonymous"], sizes["Pss"] - sizes["Pss_Anon"]
