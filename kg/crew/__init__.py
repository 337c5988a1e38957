"""Many files read at once, in processes that each do the whole work on one file.

    build ──Start, fork──▶ template ──fork──▶ worker: read, extract, embed, tell, prepare
      │ ──────────Task, Task …──────────────────▶ │  (records and parts go into the cache)
      │ ◀─────────Answer, Answer …─────────────── │
      │ ──────────Asked, Asked …────────────────▶ │  once references are resolved:
      └ ◀─────────Graphed, Graphed …───────────── ┘  the graphs of documents

The template (:mod:`kg.crew.template`) runs a module of the caller's that calls :func:`serve`. It
loads libraries and model once and takes no file in hand: workers are its forks, each there in a
moment and sharing its memory. Messages are those of :mod:`kg.readers.worker`: a length and a
MessagePack record. What is read lands in the cache, so that a worker's answer is short, the
build's memory does not grow with the collection, and a build that is killed goes on from what
was read.
"""

from kg.crew.messages import Answer, Asked, Start, Task
from kg.crew.template import serve
from kg.crew.workers import WORTHWHILE, Crew

__all__ = ["WORTHWHILE", "Answer", "Asked", "Crew", "Start", "Task", "serve"]
