"""The memory of this process, and of all that it starts together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path


class Memory:
    """The peak of this process and its descendants, in KiB, sampled while it is entered.

    Shared pages count once (PSS). ``own`` is whether this process is counted as well. The
    processor is counted here too: what workers used is lost to ``os.times`` when nobody waits for
    them.
    """

    def __init__(self, *, own: bool = True) -> None:
        self.peak = 0
        self._own = own
        self._before: dict[int, float] = {}
        self._used: dict[int, float] = {}
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._sample)

    def __enter__(self) -> Memory:
        self._before = {process: _used(process) for process in _family(os.getpid())}
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _sample(self) -> None:
        while not self._ended.wait(0.25):
            family = list(_family(os.getpid()))[0 if self._own else 1 :]
            self.peak = max(self.peak, sum(map(_share, family)))
            for process in family:
                self._used[process] = max(self._used.get(process, 0.0), _used(process))

    @property
    def processor(self) -> float:
        """Seconds of the processor since it was entered, of each process as it was seen last."""
        return sum(used - self._before.get(one, 0.0) for one, used in self._used.items())


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


def _used(process: int) -> float:
    """Seconds of the processor of a process alone; 0 when it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
