"""Fixtures that read bytes as a user's file would be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import readers
from kg.model import Document

Read = Callable[..., Document]


@pytest.fixture(scope="session", autouse=True)
def _no_children_left() -> Iterator[None]:
    yield
    readers.close()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes or text under a name through the child process."""

    def reader(
        data: bytes | str, name: str = "file", limits: readers.ReaderLimits = readers.DEFAULT_LIMITS
    ) -> Document:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return readers.read(path, name, limits)

    return reader


def outline(document: Document) -> list[tuple[str, str, str]]:
    """Kind, mark and words of each block; a table's rows as ``a | b / c | d``."""
    found = []
    for block in document.blocks:
        text = document.quote(block.start, block.end)
        if block.rows:
            text = " / ".join(
                " | ".join(document.quote(cell.start, cell.end) for cell in row)
                for row in block.rows
            )
        found.append((block.kind, block.mark, text))
    return found
