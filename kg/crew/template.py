"""The process of which workers are forks: it loads what they work with, and reads no file.

It has one thread, so that a fork of it is whole: libraries are told to start no others. Asked
for a worker it forks one onto the connection that came with the request; asked how the worker
of a number ended, it answers with its status once that has ended.
"""

from __future__ import annotations

import gc
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg import confine
from kg.cache import PartCache, RecordCache
from kg.crew.messages import FORK, REQUEST, Answer, Asked, Outcome, Standing, Start, Task, Work
from kg.document_graph import DocumentGraphs
from kg.embed import Embedder
from kg.errors import FindingsError
from kg.files import SourceFile
from kg.model import Record
from kg.parts import Indexer, Wording, part_of, told_of
from kg.readers import DEFAULT_LIMITS
from kg.readers.convert import convert
from kg.readers.worker import HEADER_BYTES, length, send
from kg.reading import entry_of, record_of
from kg.resolve.issues.space import anchor_texts
from kg.resolve.told import telling
from kg.tools import Tools, standard
from ontology.iris import Minter

Do = Callable[[Work], Outcome]


def serve(indexers: Callable[[Embedder], Sequence[Indexer]]) -> None:
    """Be a template until the build closes its connection.

    ``indexers`` are made with the embedder; what they need of each record is kept.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    start = msgspec.msgpack.decode(_message(control), type=Start)
    confine.die_with(start.parent)
    do = _worker(start, indexers)
    workers: list[int] = []
    while request := _exactly(control, REQUEST.size):
        number = REQUEST.unpack(request)[0]
        if request != FORK:
            control.sendall(REQUEST.pack(_status(workers[number])))
            continue
        _, (descriptor,), _, _ = socket.recv_fds(control, 1, 1)
        with socket.socket(fileno=descriptor) as tasks:
            workers.append(_fork(control, tasks, do))


def _fork(control: socket.socket, tasks: socket.socket, do: Do) -> int:
    """A fork that works until its connection is closed; its process id."""
    template = os.getpid()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        confine.die_with(template)
        control.close()
        _obey(tasks, do)
        status = 0
    finally:
        os._exit(status)


def _obey(tasks: socket.socket, do: Do) -> None:
    answers = tasks.makefile("wb")
    while body := _message(tasks):
        done = do(msgspec.msgpack.decode(body, type=Work))
        send(answers, replace(done, memory=_memory()))


def _status(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _worker(start: Start, indexers: Callable[[Embedder], Sequence[Indexer]]) -> Do:
    """What a worker does: with a file, all that needs no other; of a record, its graph."""
    home = Path(start.home)
    tools = standard(start.model, home, deferred=False)
    records = RecordCache(home / "cache" / "records", start.reading)
    told, parts = PartCache(home / "cache" / "told"), PartCache(home / "cache" / "parts")
    version = telling(start.reading, tools.resolvers)
    made = indexers(tools.embedder)
    graphs = DocumentGraphs(Minter(start.base), names=start.names)
    _rehearse(tools, made, graphs)

    def do(work: Work) -> Outcome:
        if isinstance(work, Standing):
            tools.embedder.encode(anchor_texts())
            for indexer in made:
                if isinstance(indexer, Wording):
                    tools.embedder.encode(indexer.wordings)
            return Answer("")
        if isinstance(work, Asked):
            held = records.get(work.sha256, work.file)
            return graphs.of(held, work.meaning) if isinstance(held, Record) else _lost(work)
        answer = _done(work, tools, records)
        entry = records.get(work.sha256, work.file)
        if isinstance(entry, Record):
            told_of(entry, version, tools.resolvers, told)
            for indexer in made:
                part_of(entry, start.reading, indexer, parts)
        return answer

    return do


def _rehearse(tools: Tools, indexers: Sequence[Indexer], graphs: DocumentGraphs) -> None:
    """Do once with an invented letter what is done with each file.

    Tables and patterns are made when they are first needed: forks then have them from the
    beginning, and share the memory in which they lie.
    """
    with as_file(files("kg.crew").joinpath("rehearsal.txt")) as path:
        record = record_of(tools, convert(path, path.name, DEFAULT_LIMITS))
    for indexer in indexers:
        indexer.prepare(record)
    graphs.validator  # noqa: B018 - made here
    gc.freeze()


def _lost(work: Asked) -> Answer:
    return Answer(work.sha256, FindingsError.__name__, f"The record of {work.file} is gone.")


def _done(task: Task, tools: Tools, records: RecordCache) -> Answer:
    try:
        entry = entry_of(tools, SourceFile(Path(task.path), task.file), task.sha256)
    except FindingsError as error:
        return Answer(task.sha256, type(error).__name__, error.what, error.why, error.cure)
    records.put(task.sha256, entry)
    return Answer(task.sha256)


def _message(source: socket.socket) -> bytes:
    header = _exactly(source, HEADER_BYTES)
    return _exactly(source, length(header)) if header else b""


def _exactly(source: socket.socket, size: int) -> bytes:
    """So many bytes; none once the other side has closed."""
    held = bytearray()
    while len(held) < size:
        more = source.recv(size - len(held))
        if not more:
            return b""
        held += more
    return bytes(held)


def _memory() -> int:
    """What this process holds, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() >> 20
