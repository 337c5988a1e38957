"""Many files read at once, in processes that each do the whole work on one file.

    parent ──Start, Task, Task …──▶ worker: read, extract, embed, prepare for the index
           ◀──Answer, Answer …────          (records and parts go into the cache)

A worker runs a module of the caller's that calls :func:`serve`. Messages are those of
:mod:`kg.readers.worker`: a length and a MessagePack record. What is read lands in the cache,
so that a worker's answer is short, the parent's memory does not grow with the collection,
and a build that is killed goes on from what was read.
"""

from __future__ import annotations

import os
import resource
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg import confine, errors
from kg.cache import PartCache, RecordCache
from kg.embed import Embedder
from kg.errors import FindingsError, UnreadableDocument
from kg.files import SourceFile
from kg.model import Record
from kg.parts import Indexer, part_of
from kg.readers.worker import HEADER_BYTES, length, send
from kg.reading import entry_of
from kg.tools import Tools, standard

WORTHWHILE = 4
"""Files from which workers are started: each takes seconds to load its model."""


MEMORY = 1_200
"""MiB from which a worker is exchanged for a fresh one: kernels and caches for ever new shapes
and words make a process grow with what it has read."""


class Start(msgspec.Struct, frozen=True):
    """What a worker works with: model, data directory, version of what reads, its parent."""

    model: str
    home: str
    reading: str
    parent: int


class Task(msgspec.Struct, frozen=True):
    """A file to read, by absolute path and by the name users know."""

    path: str
    file: str
    sha256: str


class Answer(msgspec.Struct, frozen=True):
    """A file is read, or why not: the error's class and its three parts.

    ``memory`` is what the worker's process holds, in MiB.
    """

    sha256: str
    error: str = ""
    what: str = ""
    why: str = ""
    cure: str = ""
    memory: int = 0

    def problem(self) -> FindingsError | None:
        """The error to raise, if any."""
        if not self.error:
            return None
        kind = getattr(errors, self.error, FindingsError)
        made: FindingsError = kind(self.what, why=self.why, cure=self.cure)
        return made


class Crew:
    """How to start workers: a module that serves, and how many of them."""

    def __init__(self, module: str, count: int | None = None) -> None:
        self._module = module
        self.count = count or os.cpu_count() or 1

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
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            "OMP_NUM_THREADS": "1",
            "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64",
        }
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        return _Worker(process, start)


def _give(worker: _Worker, waiting: deque[Task], busy: selectors.BaseSelector) -> None:
    if waiting:
        worker.take(waiting.popleft())
        busy.register(worker.answers, selectors.EVENT_READ, worker)


class _Worker:
    """A worker seen from the parent: the process, and the file it has in hand."""

    def __init__(self, process: subprocess.Popen[bytes], start: Start) -> None:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("A worker has pipes.")
        self._process, self._tasks, self.answers = process, process.stdin, process.stdout
        self._task: Task | None = None
        self._tell(start)

    def take(self, task: Task) -> None:
        """Give it a file."""
        self._task = task
        self._tell(task)

    def answer(self) -> Answer | None:
        """What it says of its file; None when it ended."""
        header = self.answers.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            return None
        return msgspec.msgpack.decode(self.answers.read(length(header)), type=Answer)

    def broke(self) -> Iterator[Answer]:
        """What to say of its file when it was killed; one that stopped by itself says nothing."""
        code = self._process.wait()
        if code < 0 and self._task is not None:
            what, cure = "Reading the file broke off.", "Save it again from its source."
            why = f"It holds something the reader cannot take; it ended with status {code}."
            yield Answer(self._task.sha256, UnreadableDocument.__name__, what, why, cure)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._tasks, self.answers):
            try:
                pipe.close()
            except BrokenPipeError:
                continue

    def _tell(self, message: Start | Task) -> None:
        try:
            send(self._tasks, message)  # type: ignore[arg-type]
        except BrokenPipeError:
            return


def serve(indexers: Callable[[Embedder], Sequence[Indexer]]) -> None:
    """Be a worker: read files until standard input closes.

    ``indexers`` are made with the worker's embedder; what they need of a record is kept.
    """
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    start = msgspec.msgpack.decode(_message(source), type=Start)
    confine.die_with(start.parent)
    home = Path(start.home)
    tools = standard(start.model, home)
    records = RecordCache(home / "cache" / "records", start.reading)
    parts = PartCache(home / "cache" / "parts")
    made = indexers(tools.embedder)
    while body := _message(source):
        task = msgspec.msgpack.decode(body, type=Task)
        answer = _done(task, tools, records)
        entry = records.get(task.sha256, task.file)
        if isinstance(entry, Record):
            for indexer in made:
                part_of(entry, start.reading, indexer, parts)
        send(answers, replace(answer, memory=_memory()))


def _message(source: object) -> bytes:
    read: Callable[[int], bytes] = source.read  # type: ignore[attr-defined]
    header = read(HEADER_BYTES)
    return read(length(header)) if len(header) == HEADER_BYTES else b""


def _memory() -> int:
    """What this process holds, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() >> 20


def _done(task: Task, tools: Tools, records: RecordCache) -> Answer:
    try:
        entry = entry_of(tools, SourceFile(Path(task.path), task.file), task.sha256)
    except FindingsError as error:
        return Answer(task.sha256, type(error).__name__, error.what, error.why, error.cure)
    records.put(task.sha256, entry)
    return Answer(task.sha256)
