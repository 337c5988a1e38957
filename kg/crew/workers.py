"""The crew as the build sees it: how many workers, who has which file, and who broke."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import msgspec

from kg.crew.messages import FORK, REQUEST, Answer, Start, Task
from kg.errors import UnreadableDocument
from kg.readers.worker import HEADER_BYTES, length, send

WORTHWHILE = 4
"""Files from which workers are started: it takes seconds to load their model."""


MEMORY = 1_200
"""MiB from which a worker is exchanged for a fresh one: kernels and caches for ever new shapes
and words make a process grow with what it has read."""


class Crew:
    """How to start workers: a module that serves, and how many of them.

    What is started ends with the context, or when :meth:`close` is called.
    """

    def __init__(self, module: str, count: int | None = None) -> None:
        self._module = module
        self.count = count or os.cpu_count() or 1
        self._template: _Template | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the template, and with it all workers."""
        if self._template is not None:
            self._template.close()
            self._template = None

    def read(self, start: Start, tasks: Sequence[Task]) -> Iterator[Answer]:
        """Read all files, answered as they are done; a file whose worker broke has no answer.

        Large files go first, so that no worker is left with one when the others have ended.
        """
        waiting = deque(sorted(tasks, key=lambda task: -Path(task.path).stat().st_size))
        with selectors.DefaultSelector() as busy:
            workers = [self._worker(start) for _ in range(min(self.count, len(waiting)))]
            try:
                for worker in workers:
                    _give(worker, waiting, busy)
                while busy.get_map():
                    for key, _ in busy.select():
                        yield from self._hear(key.data, start, waiting, busy, workers)
            finally:
                for worker in workers:
                    worker.close()

    def _hear(
        self,
        worker: _Worker,
        start: Start,
        waiting: deque[Task],
        busy: selectors.BaseSelector,
        workers: list[_Worker],
    ) -> Iterator[Answer]:
        busy.unregister(worker.answers)
        answer = worker.answer()
        if answer is not None:
            yield answer
        else:
            yield from worker.broke()
        if answer is None or answer.memory > MEMORY:
            worker.close()
            workers.remove(worker)
            if not waiting:
                return
            worker = self._worker(start)
            workers.append(worker)
        _give(worker, waiting, busy)

    def _worker(self, start: Start) -> _Worker:
        if self._template is None or self._template.ended:
            self.close()
            self._template = _Template(self._module, start)
        return self._template.worker()


def _give(worker: _Worker, waiting: deque[Task], busy: selectors.BaseSelector) -> None:
    if waiting:
        worker.take(waiting.popleft())
        busy.register(worker.answers, selectors.EVENT_READ, worker)


class _Template:
    """The process of which workers are forks, seen from the build."""

    def __init__(self, module: str, start: Start) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64",
        }
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                pass_fds=[theirs.fileno()],
            )
        self._forks = 0
        with self._control.makefile("wb") as stream:
            _tell(stream, start)

    @property
    def ended(self) -> bool:
        """Whether the process is gone, as it is when it cannot load what it serves."""
        return self._process.poll() is not None

    def worker(self) -> _Worker:
        """A new worker; one that has ended where the template has."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._control.sendall(FORK)
                socket.send_fds(self._control, [b"w"], [theirs.fileno()])
            except (BrokenPipeError, ConnectionResetError):
                pass
        number, self._forks = self._forks, self._forks + 1
        return _Worker(self, number, ours)

    def status(self, number: int) -> int:
        """How a worker ended: an exit status, or a signal below 0; 1 where nobody knows."""
        if self._control.fileno() < 0:
            return 1
        try:
            self._control.sendall(REQUEST.pack(number))
            told = self._control.recv(REQUEST.size, socket.MSG_WAITALL)
        except (BrokenPipeError, ConnectionResetError):
            return 1
        return int(REQUEST.unpack(told)[0]) if len(told) == REQUEST.size else 1

    def close(self) -> None:
        """End it; its workers end with it."""
        self._process.kill()
        self._process.wait()
        self._control.close()


class _Worker:
    """A worker seen from the build: its connection, and the file it has in hand."""

    def __init__(self, template: _Template, number: int, connection: socket.socket) -> None:
        self._template, self._number = template, number
        with connection:
            self._tasks, self.answers = connection.makefile("wb"), connection.makefile("rb")
        self._task: Task | None = None

    def take(self, task: Task) -> None:
        """Give it a file."""
        self._task = task
        _tell(self._tasks, task)

    def answer(self) -> Answer | None:
        """What it says of its file; None when it ended."""
        try:
            header = self.answers.read(HEADER_BYTES)
            if len(header) < HEADER_BYTES:
                return None
            return msgspec.msgpack.decode(self.answers.read(length(header)), type=Answer)
        except ConnectionResetError:
            return None

    def broke(self) -> Iterator[Answer]:
        """What to say of its file when it was killed; one that stopped by itself says nothing."""
        code = self._template.status(self._number)
        if code < 0 and self._task is not None:
            what, cure = "Reading the file broke off.", "Save it again from its source."
            why = f"It holds something the reader cannot take; it ended with status {code}."
            yield Answer(self._task.sha256, UnreadableDocument.__name__, what, why, cure)

    def close(self) -> None:
        """Let it go: it ends when it has done what it has in hand."""
        for stream in (self._tasks, self.answers):
            try:
                stream.close()
            except (BrokenPipeError, ConnectionResetError):
                continue


def _tell(stream: object, message: Start | Task) -> None:
    try:
        send(stream, message)  # type: ignore[arg-type]
    except (BrokenPipeError, ConnectionResetError):
        return
