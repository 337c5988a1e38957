"""A piece while its lines come in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.model import BlockKind
from kg.structure.lines import Line, Word, joined
from kg.structure.marks import Mark

_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")


def ends_sentence(text: str) -> bool:
    """Whether a text closes with the punctuation of a sentence, a clause or a lead-in."""
    return bool(_ENDED.search(text))


@dataclass
class Open:
    """Lines of one kind with what decides whether the next line goes on.

    ``x0`` is where its mark stands, ``text_x`` where the next line is expected to start.
    """

    kind: BlockKind
    page: int
    lines: list[list[Word]]
    x0: float
    text_x: float
    base: float
    size: float
    bold: bool
    slanted: bool = False
    level: int = 1
    mark: Mark | None = None
    last: Line | None = None
    right: float = 0.0
    breaks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def style(self) -> tuple[float, bool, bool]:
        """Size, boldness, slant: what headings of one level share."""
        return round(self.size), self.bold, self.slanted

    @property
    def text(self) -> str:
        return joined(self.lines)

    @property
    def ended(self) -> bool:
        return bool(self.lines) and ends_sentence(self.lines[-1][-1].text)
