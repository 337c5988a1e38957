"""The path of marks that names a clause: "8.", "c.", "ii." is ``8.c.ii``."""

from __future__ import annotations

import re

from kg.extract.commitments.found import Place

_ARTICLE = re.compile(
    r"^(?:Article|Clause|Paragraph|Direction) (\d+(?:\.\d+)*)[.:]?\s|^([A-Z]\d{1,2})[.:)](?=\s|$)"
)
_ANNEX = re.compile(r"^(?:annex|schedule|appendix)\b", re.I)


class Clauses:
    """Follows the marks of one block after another."""

    def __init__(self) -> None:
        self._marks: list[str] = []
        self._annex = ""

    def follow(self, place: Place) -> None:
        """Take in the mark of the next block."""
        if _ANNEX.match(place.text) and len(place.text) < 60:
            self._annex, self._marks = "annex ", []
        article = _ARTICLE.match(place.text)
        if article:
            self._marks = [article[1] or article[2]]
        elif place.block.kind == "numbered" and (mark := place.block.mark.strip("().:")):
            depth = 0 if mark[0].isdigit() else 1 + (place.block.level > 2)
            self._marks = [*self._marks[:depth], mark]

    @property
    def here(self) -> str:
        """The path of the block followed last."""
        return self._annex + ".".join(self._marks) if self._marks else ""


def is_marked(text: str) -> bool:
    """Whether a line begins with a mark of its own: "R2. …", "Article 3. …"."""
    return bool(_ARTICLE.match(text))
