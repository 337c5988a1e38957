"""A block while it is read for commitments, and a commitment before it becomes a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kg.extract.flat import Flat
from kg.extract.masked import Masked
from kg.model import Block


@dataclass(frozen=True)
class Place:
    """One block: its words on one line, and its sentences; of a table one row with its cells."""

    block: Block
    line: Flat
    sentences: tuple[Masked, ...]
    cells: tuple[Flat, ...] = ()

    @property
    def text(self) -> str:
        """The words on one line."""
        return self.line.text

    @property
    def is_heading(self) -> bool:
        """Whether the block is a heading, or printed like one in capitals."""
        letters = self.text.strip("0123456789. ")
        capitals = letters.isupper() and len(letters) < 90 and ":" not in letters
        return self.block.kind in ("heading", "title") or capitals


@dataclass(frozen=True)
class Found:
    """A commitment. ``part_of`` is the place of its option among those found."""

    kind: str
    start: int
    end: int
    of: str | None
    due: str | None = None
    clause: str = ""
    part_of: int | None = None


class Reader(Protocol):
    """Reads one block after another; None leaves the block to the next reader."""

    def read(self, place: Place, count: int) -> list[Found] | None:
        """The commitments of a block, when it is this reader's; ``count`` were found before."""
        ...
