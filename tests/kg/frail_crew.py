"""A worker that is killed by the file 2.txt, as a parser could be."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

from kg.crew import serve
from kg.model import Record


class _Frail:
    version = "frail@1"

    def prepare(self, record: Record) -> bytes:
        """Nothing, or death."""
        if record.document.file == "2.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return b""

    def assemble(self, generation: Path, parts: Iterable[bytes]) -> None:
        """Write nothing."""


if __name__ == "__main__":
    serve(lambda _: [_Frail()])
