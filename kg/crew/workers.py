"""The crew as the build sees it: how many workers, who has which file, and who broke."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Generic, Self, TypeVar

import msgspec

from kg.crew.messages import FORK, REQUEST, Answer, Asked, Outcome, Standing, Start, Task
from kg.document_graph import Graphed
from kg.errors import UnreadableDocument
from kg.readers.worker import HEADER_BYTES, length, send

WORTHWHILE = 4
"""Files from which workers are started: it takes seconds to load their model."""

MANY = 32
"""Documents from which workers are started only for their graphs."""

MEMORY = 1_200
"""MiB from which a worker is exchanged for a fresh one: kernels and caches for ever new shapes
and words make a process grow with what it has read."""


W = TypeVar("W", Task | Standing, Asked)
_outcomes: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)


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

    def worth_starting(self, works: int) -> bool:
        """Whether so many pieces of work, each done in a moment, are worth the start of workers;
        where they have been started, a few are."""
        return works >= (WORTHWHILE if self._template else MANY)

    def close(self) -> None:
        """End the template, and with it all workers."""
        if self._template is not None:
            self._template.close()
            self._template = None

    def read(self, start: Start, tasks: Sequence[Task]) -> Iterator[Answer]:
        """Read all files, answered as they are done; a file whose worker broke has no answer.

        Large files go first, so that no worker is left with one when the others have ended. What
        all documents need comes before them, so that one worker makes it and not each.
        """
        files = sorted(tasks, key=lambda task: -Path(task.path).stat().st_size)
        works: list[Task | Standing] = [Standing(), *files]
        for _, work, done in self._all(start, works):
            if isinstance(work, Task) and isinstance(done, Answer):
                yield done

    def graphs(
        self, start: Start, asked: Iterable[Asked]
    ) -> Iterator[tuple[Asked, Graphed | None]]:
        """The graphs of documents, in order; None where a worker could not make one."""
        held: dict[int, tuple[Asked, Graphed | None]] = {}
        given = 0
        for number, work, done in self._all(start, asked):
            held[number] = (work, done if isinstance(done, Graphed) else None)
            while given in held:
                yield held.pop(given)
                given += 1

    def _all(self, start: Start, work: Iterable[W]) -> Iterator[tuple[int, W, Outcome | None]]:
        """What became of each piece of work, by its number, as they are done."""
        waiting = enumerate(work)
        workers: list[_Worker[W]] = []
        with selectors.DefaultSelector() as busy:
            try:
                for number, first in islice(waiting, self.count):
                    workers.append(self._worker(start))
                    workers[-1].take(number, first, busy)
                while busy.get_map():
                    for key, _ in busy.select():
                        worker: _Worker[W] = key.data
                        number, given, done = worker.give(busy)
                        more = next(waiting, None)
                        if worker.spent:
                            worker.close()
                            workers.remove(worker)
                            if more is not None:
                                worker = self._worker(start)
                                workers.append(worker)
                        if more is not None:
                            worker.take(*more, busy)
                        yield number, given, done
            finally:
                for worker in workers:
                    worker.close()

    def _worker(self, start: Start) -> _Worker[W]:
        if self._template is None or self._template.ended:
            self.close()
            self._template = _Template(self._module, start)
        return _Worker(self._template, *self._template.fork())


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

    def fork(self) -> tuple[int, socket.socket]:
        """The number and the connection of a new worker, closed where the template has ended."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._control.sendall(FORK)
                socket.send_fds(self._control, [b"w"], [theirs.fileno()])
            except (BrokenPipeError, ConnectionResetError):
                pass
        number, self._forks = self._forks, self._forks + 1
        return number, ours

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


class _Worker(Generic[W]):
    """A worker seen from the build: its connection, and what it has in hand.

    ``spent`` is whether it has ended or holds too much.
    """

    def __init__(self, template: _Template, number: int, connection: socket.socket) -> None:
        self._template, self._number = template, number
        with connection:
            self._works, self._outcomes = connection.makefile("wb"), connection.makefile("rb")
        self._hand: tuple[int, W] | None = None
        self.spent = False

    def take(self, number: int, work: W, busy: selectors.BaseSelector) -> None:
        """Give it a piece of work."""
        self._hand = number, work
        _tell(self._works, work)
        busy.register(self._outcomes, selectors.EVENT_READ, self)

    def give(self, busy: selectors.BaseSelector) -> tuple[int, W, Outcome | None]:
        """What it had in hand, and what became of it; None when it ended."""
        if self._hand is None:
            raise AssertionError("Only a worker that has something in hand is heard.")
        busy.unregister(self._outcomes)
        number, work = self._hand
        done = self._outcome()
        self.spent = done is None or done.memory > MEMORY
        return number, work, done or self._broke(work)

    def _outcome(self) -> Outcome | None:
        try:
            header = self._outcomes.read(HEADER_BYTES)
            if len(header) < HEADER_BYTES:
                return None
            return _outcomes.decode(self._outcomes.read(length(header)))
        except (ConnectionResetError, msgspec.DecodeError):
            return None

    def _broke(self, work: W) -> Outcome | None:
        """What to say of a file whose worker was killed; of one that stopped, nothing."""
        code = self._template.status(self._number)
        if code < 0 and isinstance(work, Task):
            what, cure = "Reading the file broke off.", "Save it again from its source."
            why = f"It holds something the reader cannot take; it ended with status {code}."
            return Answer(work.sha256, UnreadableDocument.__name__, what, why, cure)
        return None

    def close(self) -> None:
        """Let it go: it ends when it has done what it has in hand."""
        for stream in (self._works, self._outcomes):
            try:
                stream.close()
            except (BrokenPipeError, ConnectionResetError):
                continue


def _tell(stream: object, message: msgspec.Struct) -> None:
    try:
        send(stream, message)  # type: ignore[arg-type]
    except (BrokenPipeError, ConnectionResetError):
        return
